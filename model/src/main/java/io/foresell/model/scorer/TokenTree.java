package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Sequences of numbers (the tokens of n-grams, the characters of strings) as a tree: a path from node 0 is a sequence, its end may bear
 * a label. Edges are looked up in a flat table, without allocating. Immutable.
 */
final class TokenTree {
    static final int NONE = -1;

    private final long[] edges; // node << 32 | token; open addressing; NONE is free.
    private final int[] targets;
    private final int[] labels; // By node; NONE where no sequence ends.

    private TokenTree(Map<Long, Integer> targetsByEdge, int[] labels) {
        int capacity = TokenTable.capacity(targetsByEdge.size());
        long[] probesLeft = {(long) capacity * TokenTable.MAX_PROBES};
        this.edges = new long[capacity];
        this.targets = new int[capacity];
        Arrays.fill(edges, NONE);
        targetsByEdge.forEach((edge, target) -> {
            int slot = hash(edge) & capacity - 1;
            while (edges[slot] != NONE) {
                slot = slot + 1 & capacity - 1;
                if (--probesLeft[0] < 0) {
                    throw new UnsupportedOperatorException("vocabulary", "sequences of equal hashes");
                }
            }
            edges[slot] = edge;
            targets[slot] = target;
        });
        this.labels = labels;
    }

    private static int hash(long edge) {
        long mixed = edge * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32);
    }

    /** Returns the node behind a node, or {@link #NONE}. */
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

    /** Returns the label of the sequence that ends at a node, or {@link #NONE}. */
    int label(int node) {
        return labels[node];
    }

    /** Collects sequences while a plan is built. */
    static final class Builder {
        private final Map<Long, Integer> targetsByEdge = new HashMap<>();
        private int[] labels = {NONE};
        private int nodes = 1;

        /** Returns the node behind a node, a new one where there was none. */
        int grow(int node, int token) {
            Integer known = targetsByEdge.putIfAbsent((long) node << 32 | token, nodes);
            if (known != null) {
                return known;
            }
            if (nodes == labels.length) {
                labels = Arrays.copyOf(labels, nodes * 2);
                Arrays.fill(labels, nodes, labels.length, NONE);
            }
            return nodes++;
        }

        /** Labels the sequence that ends at a node; returns false when it was labelled already. */
        boolean label(int node, int label) {
            boolean isNew = labels[node] == NONE;
            labels[node] = label;
            return isNew;
        }

        TokenTree build() {
            return new TokenTree(targetsByEdge, Arrays.copyOf(labels, nodes));
        }
    }
}
