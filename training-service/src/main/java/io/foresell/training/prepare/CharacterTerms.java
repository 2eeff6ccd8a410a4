package io.foresell.training.prepare;

import io.foresell.model.graph.CharactersEncoding;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses the strings of characters that have a column, as written; a character beyond 16 bits is one. */
final class CharacterTerms {
    private final String input;
    private final TextRule.Characters rule;
    private final DocumentCounts counts = new DocumentCounts();

    CharacterTerms(String input, TextRule.Characters rule) {
        this.input = input;
        this.rule = rule;
    }

    void add(String text) {
        int[] points = text.codePoints().toArray();
        Set<String> found = new HashSet<>();
        for (int from = 0; from < points.length; from++) {
            for (int length = rule.minLength();
                    length <= rule.maxLength() && from + length <= points.length;
                    length++) {
                found.add(new String(points, from, length));
            }
        }
        counts.add(found);
    }

    CharactersEncoding encoding() {
        List<String> strings = counts.chosen(input, rule.terms());
        return new CharactersEncoding(input, strings, counts.weights(strings, rule.terms()));
    }
}
