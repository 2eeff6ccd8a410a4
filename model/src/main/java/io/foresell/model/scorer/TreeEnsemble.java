package io.foresell.model.scorer;

/**
 * Trees packed into one array, four ints a node in depth-first order, the yes child right behind its parent: feature and
 * missing flag, threshold bits, no child, cover share of the yes child as bits. A leaf has a negative first int and its
 * value's bits in the second. Immutable.
 */
final class TreeEnsemble {
    static final int NODE = 4;
    /** Deepest tree that compiles. */
    static final int MAX_DEPTH = 256;

    final int[] nodes;
    final int[] roots;
    final float base;
    final int depth;

    TreeEnsemble(int[] nodes, int[] roots, float base, int depth) {
        this.nodes = nodes;
        this.roots = roots;
        this.base = base;
        this.depth = depth;
    }

    static int feature(int word) {
        return word >>> 1;
    }

    static boolean isMissingYes(int word) {
        return (word & 1) != 0;
    }

    /** Returns whether the value goes to the yes child. */
    static boolean isYes(int word, float value, float threshold) {
        return value < threshold || (isMissingYes(word) && Float.isNaN(value));
    }

    float threshold(int node) {
        return Float.intBitsToFloat(nodes[node + 1]);
    }

    float leaf(int node) {
        return Float.intBitsToFloat(nodes[node + 1]);
    }

    /** Returns the share of the node's training weight that went to the yes child. */
    float yesShare(int node) {
        return Float.intBitsToFloat(nodes[node + 3]);
    }

    /** Returns base plus the leaf of each tree for the columns from {@code offset}. */
    float sum(float[] memory, int offset) {
        double sum = base;
        int[] packed = nodes;
        for (int root : roots) {
            int node = root;
            int word = packed[node];
            while (word >= 0) {
                float value = memory[offset + feature(word)];
                node = isYes(word, value, Float.intBitsToFloat(packed[node + 1])) ? node + NODE : packed[node + 2];
                word = packed[node];
            }
            sum += Float.intBitsToFloat(packed[node + 1]);
        }
        return (float) sum;
    }

    /** Returns the mean answer over training, each branch weighted by its cover. */
    double mean() {
        double mean = base;
        for (int root : roots) {
            mean += mean(root);
        }
        return mean;
    }

    private double mean(int node) {
        if (nodes[node] < 0) {
            return leaf(node);
        }
        double share = yesShare(node);
        return share * mean(node + NODE) + (1 - share) * mean(nodes[node + 2]);
    }
}
