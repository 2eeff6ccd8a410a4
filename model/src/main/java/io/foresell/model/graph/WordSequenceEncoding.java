package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A text becomes the indices of its first words, for an embedding in a network. Words are what single spaces separate,
 * exactly as written, as in {@link WordsEncoding}; a vocabulary that wants "card", "Card" and "card?" to be one gives them the
 * same index. Any word that it does not have is 1; what is missing at the end of a short text, and the empty word between
 * two spaces, 0.
 *
 * @param indices the index of each word, from 2 on without gaps; words are not empty and have no spaces
 * @param length number of indices, 2 or more
 */
public record WordSequenceEncoding(String input, Map<String, Integer> indices, int length) implements InputEncoding {
    /** Index of no word. */
    public static final int NO_WORD = 0;

    /** Index of every word that is not in the vocabulary. */
    public static final int UNKNOWN_WORD = 1;

    /** Least index of a word in the vocabulary. */
    public static final int FIRST_WORD = 2;

    public WordSequenceEncoding {
        indices = Map.copyOf(indices);
        Set<Integer> used = new HashSet<>(indices.values());
        boolean isGapless = used.stream().allMatch(index -> index >= FIRST_WORD && index < FIRST_WORD + used.size());
        if (indices.isEmpty()
                || !isGapless
                || indices.keySet().stream().anyMatch(word -> word.isEmpty() || word.contains(Words.DELIMITER))) {
            throw new IllegalArgumentException(
                    "words of %s: %d with %d indices (expected: 1 or more, not empty, without spaces, indices %d and on)"
                            .formatted(input, indices.size(), used.size(), FIRST_WORD));
        }
        if (length < 2 || length > InputField.MAX_WIDTH) {
            throw new IllegalArgumentException(
                    "length of %s: %d (expected: 2..%d)".formatted(input, length, InputField.MAX_WIDTH));
        }
    }

    /** Gives every word an index of its own, in this order; words are unique. */
    public WordSequenceEncoding(String input, List<String> words, int length) {
        this(input, inOrder(input, words), length);
    }

    private static Map<String, Integer> inOrder(String input, List<String> words) {
        Map<String, Integer> indices = new HashMap<>();
        for (String word : words) {
            if (indices.put(word, indices.size() + FIRST_WORD) != null) {
                throw new IllegalArgumentException("word of %s: %s twice (expected: once)".formatted(input, word));
            }
        }
        return indices;
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }

    /** Returns how many indices there are: the rows of an embedding. */
    public int indexCount() {
        return FIRST_WORD + new HashSet<>(indices.values()).size();
    }

    /** Returns the indices of texts, row-major, shape [texts, length]; as the graph computes them. */
    public float[] encode(List<String> texts) {
        float[] encoded = new float[Math.multiplyExact(texts.size(), length)];
        for (int row = 0; row < texts.size(); row++) {
            List<String> found = Words.of(texts.get(row));
            for (int place = 0; place < Math.min(length, found.size()); place++) {
                String word = found.get(place);
                encoded[row * length + place] = word.isEmpty() ? NO_WORD : indices.getOrDefault(word, UNKNOWN_WORD);
            }
        }
        return encoded;
    }

    /** Writes the indices as floats, [N, length]. */
    String write(GraphBuilder graph) {
        // Both outputs depend on the longest text of the batch: [N, 1, words] and [N, 1].
        List<String> split = graph.split(input, Words.DELIMITER);
        String found = graph.node("Squeeze", List.of(split.get(0), graph.constant("axis", 1L)));
        List<String> keys = new ArrayList<>(List.of(""));
        List<Long> values = new ArrayList<>(List.of((long) NO_WORD));
        new TreeMap<>(indices).forEach((word, index) -> {
            keys.add(word);
            values.add((long) index);
        });
        String found64 = graph.mlNode(
                "LabelEncoder",
                List.of(found),
                GraphBuilder.texts("keys_strings", keys),
                GraphBuilder.integers("values_int64s", values),
                GraphBuilder.integer("default_int64", UNKNOWN_WORD));
        String zero = graph.node("Sub", List.of(split.get(1), split.get(1)));
        String zeros = graph.node("Tile", List.of(zero, graph.constant("repeats", 1, length)));
        String padded = graph.concat(List.of(found64, zeros));
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
