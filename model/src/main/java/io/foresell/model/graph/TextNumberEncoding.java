package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.Map;

/**
 * A text becomes a number looked up: ordinal, frequency or target encoding, whatever training computed.
 *
 * @param numbers the number of each known text; the empty text, where given, is a missing one
 * @param unseen the number of every other text
 */
public record TextNumberEncoding(String input, Map<String, Float> numbers, float unseen) implements InputEncoding {
    public TextNumberEncoding {
        numbers = Map.copyOf(numbers);
        if (numbers.isEmpty()) {
            throw new IllegalArgumentException("texts of %s: 0 (expected: 1 or more)".formatted(input));
        }
        numbers.forEach((text, number) -> Parameters.requireFinite("number of text " + text, number));
        Parameters.requireFinite("number of unseen texts of " + input, unseen);
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
