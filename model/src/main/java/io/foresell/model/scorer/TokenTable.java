package io.foresell.model.scorer;

import java.util.Map;

/** Finds the ids of texts given as ranges of longer ones, without allocating. Immutable. */
final class TokenTable {
    /** Stands for every text that is not in the table. */
    static final int NONE = -1;

    /** Mean probes per entry that a table may cost: more only where somebody chose texts of equal hashes. */
    static final int MAX_PROBES = 64;

    private final String[] tokens; // Open addressing by hash; null is free.
    private final int[] tokenIds;

    /**
     * Takes texts with their ids.
     *
     * @throws UnsupportedOperatorException when the texts were made to collide: looking them up would take forever
     */
    TokenTable(Map<String, Integer> ids) {
        int capacity = capacity(ids.size());
        long probesLeft = (long) capacity * MAX_PROBES;
        tokens = new String[capacity];
        tokenIds = new int[capacity];
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            String token = entry.getKey();
            int slot = hash(token, 0, token.length()) & capacity - 1;
            while (tokens[slot] != null) {
                slot = slot + 1 & capacity - 1;
                if (--probesLeft < 0) {
                    throw new UnsupportedOperatorException("vocabulary", "texts of equal hashes");
                }
            }
            tokens[slot] = token;
            tokenIds[slot] = entry.getValue();
        }
    }

    /** Returns a power of two that leaves at least half of the slots free. */
    static int capacity(int size) {
        return Integer.highestOneBit(Math.max(4, size) * 2) * 2;
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash ^ hash >>> 16;
    }

    /** Returns the id of a range of a text, or {@link #NONE}. */
    int find(String text, int start, int end) {
        int slot = hash(text, start, end) & tokens.length - 1;
        while (tokens[slot] != null) {
            if (tokens[slot].length() == end - start && text.startsWith(tokens[slot], start)) {
                return tokenIds[slot];
            }
            slot = slot + 1 & tokens.length - 1;
        }
        return NONE;
    }

    int find(String text) {
        return find(text, 0, text.length());
    }
}
