package io.foresell.training.prepare;

import io.foresell.model.graph.WordsEncoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the words and phrases of a text that have a column. "Card?", "card" and "CARD" are one word: what is not a letter or a digit
 * at its ends, and its case, do not count. The graph compares words as written, so every term has the spellings of the fold and the
 * usual ones besides: in lower case, capitalised, and with a mark behind; a word in capitals too. Another spelling is another, unknown
 * word.
 */
final class WordTerms {
    /** Behind words and phrases, in addition to nothing. */
    private static final List<String> MARKS = List.of(".", ",", "?", "!", ";", ":");
    /** Beyond, usual spellings are added to single words alone, so that the graph stays below some 20 MB. */
    private static final int MAX_SPELLINGS = 400_000;

    private final String input;
    private final TextRule.Words rule;
    private final Map<String, Set<String>> spellings = new HashMap<>();
    private final DocumentCounts counts = new DocumentCounts();

    WordTerms(String input, TextRule.Words rule) {
        this.input = input;
        this.rule = rule;
    }

    /** Reads one text. */
    void add(String text) {
        String[] written = text.split(" ", -1);
        String[] words = new String[written.length];
        Arrays.setAll(words, i -> word(written[i]));
        Set<String> found = new HashSet<>();
        for (int from = 0; from < words.length; from++) {
            StringBuilder term = new StringBuilder();
            StringBuilder spelling = new StringBuilder();
            for (int i = from; i < words.length && i < from + rule.maxLength() && !words[i].isEmpty(); i++) {
                term.append(i > from ? " " : "").append(words[i]);
                spelling.append(i > from ? " " : "").append(written[i]);
                if (i - from + 1 >= rule.minLength()) {
                    found.add(term.toString());
                    spellings
                            .computeIfAbsent(term.toString(), added -> new HashSet<>())
                            .add(spelling.toString());
                }
            }
        }
        counts.add(found);
    }

    /** Returns a word in lower case without what is not a letter or a digit at its ends; empty when nothing is left. */
    static String word(String written) {
        int from = 0;
        int until = written.length();
        while (from < until && !Character.isLetterOrDigit(written.codePointAt(from))) {
            from += Character.charCount(written.codePointAt(from));
        }
        while (until > from && !Character.isLetterOrDigit(written.codePointBefore(until))) {
            until -= Character.charCount(written.codePointBefore(until));
        }
        return written.substring(from, until).toLowerCase(Locale.ROOT);
    }

    /** Returns the encoding of the terms that are frequent enough. */
    WordsEncoding encoding() {
        List<String> terms = counts.chosen(input, rule.terms());
        Map<String, Integer> columns = new HashMap<>();
        for (int column = 0; column < terms.size(); column++) {
            for (String spelling : spellings.getOrDefault(terms.get(column), Set.of())) {
                columns.put(spelling, column);
            }
        }
        for (int column = 0; column < terms.size(); column++) {
            String term = terms.get(column);
            if (term.indexOf(' ') < 0 || columns.size() < MAX_SPELLINGS) {
                for (String spelling : usual(term)) {
                    columns.putIfAbsent(spelling, column);
                }
            }
        }
        return new WordsEncoding(input, columns, counts.weights(terms, rule.terms()));
    }

    private static List<String> usual(String term) {
        String capitalized = term.substring(0, 1).toUpperCase(Locale.ROOT) + term.substring(1);
        List<String> bare = new ArrayList<>(List.of(term, capitalized));
        if (term.indexOf(' ') < 0) {
            bare.add(term.toUpperCase(Locale.ROOT));
        }
        List<String> all = new ArrayList<>(bare);
        for (String spelling : bare) {
            MARKS.forEach(mark -> all.add(spelling + mark));
        }
        return all;
    }
}
