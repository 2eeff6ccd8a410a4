package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * A text becomes the indices of its first words, for an embedding in a network. Words are what single spaces separate,
 * exactly as written, as in {@link WordsEncoding}. A known word has its place in the vocabulary + 2, any other word 1; what
 * is missing at the end of a short text, and the empty word between two spaces, 0.
 *
 * @param words unique, not empty, without spaces
 * @param length number of indices, 2 or more
 */
public record WordSequenceEncoding(String input, List<String> words, int length) implements InputEncoding {
    /** Index of no word. */
    public static final int NO_WORD = 0;

    /** Index of every word that is not in the vocabulary. */
    public static final int UNKNOWN_WORD = 1;

    private static final int FIRST_WORD = 2;

    public WordSequenceEncoding {
        words = List.copyOf(words);
        if (words.isEmpty()
                || words.contains("")
                || words.stream().anyMatch(word -> word.contains(Words.DELIMITER))
                || new HashSet<>(words).size() < words.size()) {
            throw new IllegalArgumentException(
                    "words of %s: %d (expected: 1 or more, unique, not empty, without spaces)"
                            .formatted(input, words.size()));
        }
        if (length < 2 || length > InputField.MAX_WIDTH) {
            throw new IllegalArgumentException(
                    "length of %s: %d (expected: 2..%d)".formatted(input, length, InputField.MAX_WIDTH));
        }
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }

    /** Returns how many indices there are: the rows of an embedding. */
    public int indexCount() {
        return words.size() + FIRST_WORD;
    }

    /** Returns the indices of texts, row-major, shape [texts, length]; as the graph computes them. */
    public float[] encode(List<String> texts) {
        Map<String, Integer> indices = new HashMap<>();
        indices.put("", NO_WORD);
        words.forEach(word -> indices.put(word, indices.size() - 1 + FIRST_WORD));
        float[] encoded = new float[Math.multiplyExact(texts.size(), length)];
        for (int row = 0; row < texts.size(); row++) {
            List<String> found = Words.of(texts.get(row));
            for (int place = 0; place < Math.min(length, found.size()); place++) {
                encoded[row * length + place] = indices.getOrDefault(found.get(place), UNKNOWN_WORD);
            }
        }
        return encoded;
    }

    /** Writes the indices as floats, [N, length]. */
    String write(GraphBuilder graph) {
        // Both outputs depend on the longest text of the batch: [N, 1, words] and [N, 1].
        List<String> split = graph.split(input, Words.DELIMITER);
        String found = graph.node("Squeeze", List.of(split.get(0), graph.constant("axis", 1L)));
        long[] values = new long[words.size() + 1];
        for (int i = 0; i < words.size(); i++) {
            values[i + 1] = (long) i + FIRST_WORD;
        }
        List<String> keys = new ArrayList<>(List.of(""));
        keys.addAll(words);
        String indices = graph.mlNode(
                "LabelEncoder",
                List.of(found),
                GraphBuilder.texts("keys_strings", keys),
                GraphBuilder.integers("values_int64s", values),
                GraphBuilder.integer("default_int64", UNKNOWN_WORD));
        String zero = graph.node("Sub", List.of(split.get(1), split.get(1)));
        String zeros = graph.node("Tile", List.of(zero, graph.constant("repeats", 1, length)));
        String padded = graph.concat(List.of(indices, zeros));
        String cut = graph.node(
                "Slice",
                List.of(
                        padded,
                        graph.constant("start", 0L),
                        graph.constant("end", (long) length),
                        graph.constant("axis", 1L)));
        return graph.toFloat(cut);
    }
}
