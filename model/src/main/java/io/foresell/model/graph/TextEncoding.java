package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.HashSet;
import java.util.List;

/** A text becomes one column per category, 1 where equal; an unknown or missing text becomes zeros. */
public record TextEncoding(String input, List<String> categories) implements InputEncoding {
    public TextEncoding {
        categories = List.copyOf(categories);
        if (categories.isEmpty() || categories.contains("") || new HashSet<>(categories).size() < categories.size()) {
            throw new IllegalArgumentException(
                    "categories of %s: %s (expected: 1 or more, not empty, unique)".formatted(input, categories));
        }
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
