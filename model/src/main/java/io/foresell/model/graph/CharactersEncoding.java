package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.HashSet;
import java.util.List;

/**
 * A text becomes weighted counts of short strings of a vocabulary: characters, pairs and triples, for languages without
 * spaces. A string is counted from left to right without overlap: "哈哈" is once in "哈哈哈".
 *
 * <p>Standard ONNX has no operator that takes a text apart into characters. Splitting it at a string gives one piece more than
 * the string occurs, so each string is one StringSplit node.
 *
 * @param strings unique, not empty, at most {@link #MAX_STRINGS}
 * @param weights as many as strings
 */
public record CharactersEncoding(String input, List<String> strings, TermWeights weights) implements InputEncoding {
    /** Most strings: ONNX Runtime takes about a second to load 2,000. */
    public static final int MAX_STRINGS = 8192;

    public CharactersEncoding {
        strings = List.copyOf(strings);
        Parameters.requireLength("weights of strings of " + input, weights.width(), strings.size());
        if (strings.size() > MAX_STRINGS || strings.contains("") || new HashSet<>(strings).size() < strings.size()) {
            throw new IllegalArgumentException("strings of %s: %d (expected: at most %d, not empty, unique)"
                    .formatted(input, strings.size(), MAX_STRINGS));
        }
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
