package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.HashSet;
import java.util.List;

/** A text becomes a vector looked up: a user's factors, an embedding. Takes ownership of the array. */
public final class TextVectorEncoding implements InputEncoding {
    final String input;
    final List<String> texts;
    final int width;
    final float[] vectors;

    /**
     * Checks shapes and that every number is finite.
     *
     * @param texts known texts, unique
     * @param vectors row-major, shape [texts + 1, width]; the last one is that of every other text
     */
    public TextVectorEncoding(String input, List<String> texts, int width, float[] vectors) {
        this.input = input;
        this.texts = List.copyOf(texts);
        this.width = width;
        this.vectors = vectors;
        if (texts.isEmpty() || width < 1 || new HashSet<>(texts).size() < texts.size()) {
            throw new IllegalArgumentException(
                    "texts of %s: %d with vectors of %d numbers (expected: 1 or more, unique)"
                            .formatted(input, texts.size(), width));
        }
        Parameters.requireLength("vectors of " + input, vectors.length, Math.multiplyExact(texts.size() + 1, width));
        Parameters.requireFinite("vectors of " + input, vectors);
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
