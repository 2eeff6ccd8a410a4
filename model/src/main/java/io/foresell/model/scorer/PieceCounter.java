package io.foresell.model.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the pieces that a text falls into at each of many delimiters, all in one pass: one more than the delimiter occurs
 * from left to right without overlap, none for an empty text.
 */
final class PieceCounter implements Step {
    private final TextReader reader;
    private final TokenTree delimiters; // Of characters; labelled with indexes into the places.
    private final int[] places;

    private PieceCounter(TextReader reader, TokenTree delimiters, int[] places) {
        this.reader = reader;
        this.delimiters = delimiters;
        this.places = places;
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        String text = reader.read(memory, texts, textBase);
        for (int place : places) {
            memory[place] = text.isEmpty() ? 0 : 1;
        }
        int[] ends = Scratch.ofThread().ints(places.length);
        Arrays.fill(ends, 0, places.length, 0);
        for (int from = 0; from < text.length(); from++) {
            int node = 0;
            for (int at = from; at < text.length(); at++) {
                node = delimiters.next(node, text.charAt(at));
                if (node < 0) {
                    break;
                }
                int found = delimiters.label(node);
                if (found >= 0 && ends[found] <= from) {
                    memory[places[found]]++;
                    ends[found] = at + 1;
                }
            }
        }
    }

    /** Collects the delimiters of one text; stands for the step until the plan is finished. */
    static final class Builder implements Step {
        /** With at most so many characters a delimiter, the work is bounded by as many times the length of the text. */
        static final int MAX_LENGTH = 256;

        /** Characters of all delimiters: a bound of the memory. */
        private static final int MAX_CHARACTERS = 1 << 20;

        private final TextReader reader;
        private final TokenTree.Builder delimiters = new TokenTree.Builder();
        private final Map<String, Value.Floats> counts = new HashMap<>();
        private final List<Integer> places = new ArrayList<>();
        private int characters;

        Builder(TextReader reader) {
            this.reader = reader;
        }

        /**
         * Returns where the pieces at a delimiter are counted: at a new value, or where they are already.
         *
         * @param fresh new memory for a single count, used when the delimiter is new
         */
        Value.Floats count(GraphNode node, String delimiter, Value.Floats fresh) {
            Value.Floats known = counts.putIfAbsent(delimiter, fresh);
            if (known != null) {
                return known;
            }
            characters += delimiter.length();
            if (characters > MAX_CHARACTERS) {
                throw node.unsupported(
                        "delimiters of %d characters in all (only up to %d)", characters, MAX_CHARACTERS);
            }
            int end = 0;
            for (int i = 0; i < delimiter.length(); i++) {
                end = delimiters.grow(end, delimiter.charAt(i));
            }
            delimiters.label(end, places.size());
            places.add(fresh.offset());
            return fresh;
        }

        PieceCounter build() {
            return new PieceCounter(
                    reader,
                    delimiters.build(),
                    places.stream().mapToInt(Integer::intValue).toArray());
        }

        @Override
        public void run(float[] memory, String[] texts, int textBase) {
            throw new IllegalStateException("delimiters still being collected (expected: a finished plan)");
        }
    }
}
