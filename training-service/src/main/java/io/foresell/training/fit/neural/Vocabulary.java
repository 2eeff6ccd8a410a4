package io.foresell.training.fit.neural;

import io.foresell.model.graph.WordSequenceEncoding;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Fits the words of a text: those that at least two training texts have, the most frequent first. "card", "Card", "CARD" and
 * "card?" are one word. Standard ONNX can change neither case nor punctuation, so every form is written into the graph: those
 * that training saw, and the usual ones.
 */
final class Vocabulary {
    private static final int LEAST_TEXTS = 2;
    private static final int LONGEST_CHOSEN = 64;
    private static final double CHOSEN_SHARE = 0.95;
    private static final List<String> ENDS = List.of("", ".", ",", "?", "!");

    private Vocabulary() {}

    /**
     * Returns the encoding of a text.
     *
     * @param texts of the training rows, empty where missing
     * @param size most different words
     * @param length words read of a text, or 0
     */
    static WordSequenceEncoding fit(String input, List<String> texts, int size, int length) {
        Map<String, Integer> textCounts = new HashMap<>();
        TreeSet<String> forms = new TreeSet<>();
        int[] lengths = new int[texts.size()];
        for (int i = 0; i < lengths.length; i++) {
            List<String> words = words(texts.get(i));
            lengths[i] = words.size();
            forms.addAll(words);
            words.stream().map(Vocabulary::normal).distinct().forEach(word -> textCounts.merge(word, 1, Integer::sum));
        }
        List<String> chosen = chosen(textCounts, size);
        Map<String, Integer> indices = new HashMap<>();
        Map<String, Integer> byWord = new HashMap<>();
        chosen.forEach(word -> byWord.put(word, byWord.size() + WordSequenceEncoding.FIRST_WORD));
        for (String form : forms) {
            Integer index = byWord.get(normal(form));
            if (index != null) {
                indices.put(form, index);
            }
        }
        byWord.forEach((word, index) -> addForms(word, index, indices));
        return new WordSequenceEncoding(input, indices, length > 0 ? length : usualLength(lengths));
    }

    private static List<String> chosen(Map<String, Integer> textCounts, int size) {
        List<String> repeated = textCounts.entrySet().stream()
                .filter(word -> word.getValue() >= LEAST_TEXTS)
                .sorted(Comparator.<Map.Entry<String, Integer>>comparingInt(word -> -word.getValue())
                        .thenComparing(Map.Entry::getKey))
                .limit(size)
                .map(Map.Entry::getKey)
                .toList();
        // Texts that share no word: then any word, so that there is something to read.
        return repeated.isEmpty()
                ? textCounts.keySet().stream().sorted().limit(size).toList()
                : repeated;
    }

    private static void addForms(String word, int index, Map<String, Integer> indices) {
        String capitalized = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
        for (String end : ENDS) {
            indices.putIfAbsent(word + end, index);
            indices.putIfAbsent(capitalized + end, index);
        }
        indices.putIfAbsent(word.toUpperCase(Locale.ROOT), index);
    }

    static List<String> words(String text) {
        return Arrays.stream(text.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    /** Returns a word in lower case without punctuation around it; of nothing but punctuation, as it is. */
    static String normal(String word) {
        int from = 0;
        int until = word.length();
        while (from < until && !Character.isLetterOrDigit(word.charAt(from))) {
            from++;
        }
        while (until > from && !Character.isLetterOrDigit(word.charAt(until - 1))) {
            until--;
        }
        return from == until ? word : word.substring(from, until).toLowerCase(Locale.ROOT);
    }

    private static int usualLength(int[] lengths) {
        int[] sorted =
                Arrays.stream(lengths).filter(length -> length > 0).sorted().toArray();
        int usual = sorted.length == 0 ? 0 : sorted[(int) (CHOSEN_SHARE * (sorted.length - 1))];
        return Math.min(LONGEST_CHOSEN, Math.max(4, usual));
    }
}
