package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.List;
import java.util.Map;

/**
 * A text becomes weighted counts of words and phrases of a vocabulary. Words are what single spaces separate, exactly as
 * written; two spaces part phrases. Also reads lists of identifiers.
 *
 * <p>Standard ONNX can neither change case without the machine's locales nor strip punctuation, and ONNX Runtime's idea of
 * other white space is not the standard's. So a vocabulary that wants "card", "Card" and "card?" to be one term gives
 * them the same column.
 *
 * @param columns the column of each term, 0 and up, every column with at least one term; a phrase has single spaces between
 *     its words
 * @param weights as many as columns
 */
public record WordsEncoding(String input, Map<String, Integer> columns, TermWeights weights) implements InputEncoding {
    /** Most words of a phrase. */
    public static final int MAX_WORDS = 8;

    public WordsEncoding {
        columns = Map.copyOf(columns);
        boolean[] hasTerm = new boolean[weights.width()];
        for (Map.Entry<String, Integer> term : columns.entrySet()) {
            int column = term.getValue();
            if (column < 0 || column >= hasTerm.length) {
                throw new IllegalArgumentException(
                        "column of term %s: %d (expected: 0..%d)".formatted(term.getKey(), column, hasTerm.length - 1));
            }
            hasTerm[column] = true;
            requirePhrase(term.getKey());
        }
        for (int column = 0; column < hasTerm.length; column++) {
            if (!hasTerm[column]) {
                throw new IllegalArgumentException("terms of column %d: 0 (expected: 1 or more)".formatted(column));
            }
        }
    }

    private static void requirePhrase(String term) {
        List<String> words = Words.of(term);
        if (words.isEmpty() || words.contains("") || words.size() > MAX_WORDS) {
            throw new IllegalArgumentException(
                    "term \"%s\" (expected: 1..%d words with single spaces between)".formatted(term, MAX_WORDS));
        }
    }

    @Override
    public InputField field() {
        return InputField.text(input);
    }
}
