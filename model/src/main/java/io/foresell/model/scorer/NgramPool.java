package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The n-grams that a TfIdfVectorizer counts, as a tree of tokens: a path is an n-gram, its end says which column counts it. Tokens
 * and edges are looked up in flat tables, without allocating. Immutable.
 */
final class NgramPool {
    private static final int NONE = -1;

    private final String[] tokens; // Open addressing by hash; null is free.
    private final int[] tokenIds;
    private final long[] edges; // node << 32 | token; open addressing; -1 is free.
    private final int[] targets;
    private final int[] columns; // By node; NONE where no n-gram ends.

    private NgramPool(Map<String, Integer> ids, Map<Long, Integer> edges, int[] columns) {
        int capacity = capacity(ids.size());
        this.tokens = new String[capacity];
        this.tokenIds = new int[capacity];
        ids.forEach((token, id) -> {
            int slot = hash(token, 0, token.length()) & capacity - 1;
            while (tokens[slot] != null) {
                slot = slot + 1 & capacity - 1;
            }
            tokens[slot] = token;
            tokenIds[slot] = id;
        });
        int edgeCapacity = capacity(edges.size());
        this.edges = new long[edgeCapacity];
        this.targets = new int[edgeCapacity];
        Arrays.fill(this.edges, NONE);
        edges.forEach((edge, target) -> {
            int slot = hash(edge) & edgeCapacity - 1;
            while (this.edges[slot] != NONE) {
                slot = slot + 1 & edgeCapacity - 1;
            }
            this.edges[slot] = edge;
            targets[slot] = target;
        });
        this.columns = columns;
    }

    private static int capacity(int size) {
        return Integer.highestOneBit(Math.max(4, size) * 2) * 2;
    }

    private static int hash(String text, int start, int end) {
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash ^ hash >>> 16;
    }

    private static int hash(long edge) {
        long mixed = edge * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32);
    }

    /** Returns the id of a token, or -1. */
    int token(String text, int start, int end) {
        int slot = hash(text, start, end) & tokens.length - 1;
        while (tokens[slot] != null) {
            if (tokens[slot].length() == end - start && text.startsWith(tokens[slot], start)) {
                return tokenIds[slot];
            }
            slot = slot + 1 & tokens.length - 1;
        }
        return NONE;
    }

    /** Returns the node behind a node, or -1. */
    int next(int node, int token) {
        long edge = (long) node << 32 | token;
        int slot = hash(edge) & edges.length - 1;
        while (edges[slot] != NONE) {
            if (edges[slot] == edge) {
                return targets[slot];
            }
            slot = slot + 1 & edges.length - 1;
        }
        return NONE;
    }

    /** Returns the column of the n-gram that ends at a node, or -1. */
    int column(int node) {
        return columns[node];
    }

    /** Collects n-grams while a plan is built. */
    static final class Builder {
        private final Map<String, Integer> ids = new HashMap<>();
        private final Map<Long, Integer> edges = new HashMap<>();
        private int[] columns = {NONE};
        private int nodes = 1;

        /** Adds an n-gram; returns false when it is there already. */
        boolean add(List<String> ngram, int column) {
            int node = 0;
            for (String token : ngram) {
                Integer id = ids.computeIfAbsent(token, unknown -> ids.size());
                Integer next = edges.putIfAbsent((long) node << 32 | id, nodes);
                node = next == null ? grow() : next;
            }
            boolean isNew = columns[node] == NONE;
            columns[node] = column;
            return isNew;
        }

        private int grow() {
            if (nodes == columns.length) {
                columns = Arrays.copyOf(columns, nodes * 2);
                Arrays.fill(columns, nodes, columns.length, NONE);
            }
            return nodes++;
        }

        NgramPool build() {
            return new NgramPool(ids, edges, columns);
        }
    }
}
