package io.foresell.training.report;

import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.Manifest;
import java.util.HashMap;
import java.util.Map;

/** What people call the inputs: their descriptions where there are some, else their names. Immutable. */
final class Names {
    private final Map<String, String> descriptions = new HashMap<>();

    Names(Manifest manifest) {
        for (Input input : manifest.getInputsList()) {
            String description = input.getDescription().strip().replaceAll("[.。]+$", "");
            if (!description.isEmpty()) {
                descriptions.put(input.getName(), Shown.cut(description));
            }
        }
    }

    String of(String input) {
        return descriptions.getOrDefault(input, Shown.cut(Shown.words(input)));
    }
}
