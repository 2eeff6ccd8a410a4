package io.foresell.model.scorer;

/**
 * Path-dependent TreeSHAP: exact Shapley values of a tree ensemble when an unknown column follows the cover of its
 * branches. Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles" (2018),
 * Algorithm 2, O(leaves * depth^2) a tree.
 */
final class TreeTerms implements Additive {
    private final TreeEnsemble trees;
    private final int offset;
    private final int[] sources;

    TreeTerms(TreeEnsemble trees, int offset, int[] sources) {
        this.trees = trees;
        this.offset = offset;
        this.sources = sources;
    }

    @Override
    public double base(int target) {
        return trees.mean();
    }

    @Override
    public void addTerms(float[] memory, int target, double slope, double[] perInput) {
        // A path of k columns is kept at each depth: k * (k + 1) / 2 entries in all, one more for the empty path.
        int levels = trees.depth + 2;
        Walk walk =
                new Walk(memory, slope, perInput, Scratch.ofThread().doubles(levels * (levels + 1) / 2 * Walk.ENTRY));
        for (int root : trees.roots) {
            walk.descend(root, 0, 0, 1, 1, -1);
        }
    }

    /** One walk over a tree. Path entries: column, share of zeros (cover), share of ones (0 or 1), permutation weight. */
    private final class Walk {
        static final int ENTRY = 4;
        private static final int ZERO = 1;
        private static final int ONE = 2;
        private static final int WEIGHT = 3;

        private final float[] memory;
        private final double slope;
        private final double[] perInput;
        private final double[] path;

        Walk(float[] memory, double slope, double[] perInput, double[] path) {
            this.memory = memory;
            this.slope = slope;
            this.perInput = perInput;
            this.path = path;
        }

        /**
         * Visits a node.
         *
         * @param from where the path of the parent starts
         * @param length entries of the parent's path
         * @param column the column of the parent's split, -1 at the root
         */
        void descend(int node, int from, int length, double zero, double one, int column) {
            if (zero == 0 && one == 0) {
                return; // No row and no coalition ever gets here.
            }
            // The root's own path starts at 0; every deeper one right behind its parent's.
            int start = length == 0 ? 0 : from + length * ENTRY;
            System.arraycopy(path, from, path, start, length * ENTRY);
            extend(start, length, zero, one, column);
            int word = trees.nodes[node];
            if (word < 0) {
                addLeaf(start, length + 1, trees.leaf(node));
                return;
            }
            int feature = TreeEnsemble.feature(word);
            int depth = length + 1;
            double zeroBefore = 1;
            double oneBefore = 1;
            int known = find(start, depth, feature);
            if (known > 0) {
                zeroBefore = path[start + known * ENTRY + ZERO];
                oneBefore = path[start + known * ENTRY + ONE];
                depth--;
                unwind(start, depth, known);
            }
            boolean isYes = TreeEnsemble.isYes(word, memory[offset + feature], trees.threshold(node));
            double share = trees.yesShare(node);
            descend(node + TreeEnsemble.NODE, start, depth, zeroBefore * share, isYes ? oneBefore : 0, feature);
            descend(trees.nodes[node + 2], start, depth, zeroBefore * (1 - share), isYes ? 0 : oneBefore, feature);
        }

        private int find(int start, int length, int column) {
            for (int i = 1; i < length; i++) {
                if (path[start + i * ENTRY] == column) {
                    return i;
                }
            }
            return 0;
        }

        /** Grows the subsets of the path by one column; {@code last} is the index of the new entry. */
        private void extend(int start, int last, double zero, double one, int column) {
            int entry = start + last * ENTRY;
            path[entry] = column;
            path[entry + ZERO] = zero;
            path[entry + ONE] = one;
            path[entry + WEIGHT] = last == 0 ? 1 : 0;
            for (int i = last - 1; i >= 0; i--) {
                int at = start + i * ENTRY + WEIGHT;
                path[at + ENTRY] += one * path[at] * (i + 1) / (last + 1);
                path[at] = zero * path[at] * (last - i) / (last + 1);
            }
        }

        /** Undoes {@link #extend} for the column at {@code index}; {@code last} is the index of the last entry. */
        private void unwind(int start, int last, int index) {
            double zero = path[start + index * ENTRY + ZERO];
            double one = path[start + index * ENTRY + ONE];
            double next = path[start + last * ENTRY + WEIGHT];
            for (int i = last - 1; i >= 0; i--) {
                int at = start + i * ENTRY + WEIGHT;
                if (one != 0) {
                    double weight = path[at];
                    path[at] = next * (last + 1) / ((i + 1) * one);
                    next = weight - path[at] * zero * (last - i) / (last + 1);
                } else {
                    path[at] = path[at] * (last + 1) / (zero * (last - i));
                }
            }
            for (int i = index; i < last; i++) {
                int at = start + i * ENTRY;
                path[at] = path[at + ENTRY];
                path[at + ZERO] = path[at + ENTRY + ZERO];
                path[at + ONE] = path[at + ENTRY + ONE];
            }
        }

        private void addLeaf(int start, int length, double leaf) {
            for (int i = 1; i < length; i++) {
                int entry = start + i * ENTRY;
                double weight = unwoundSum(start, length - 1, i);
                perInput[sources[(int) path[entry]]] +=
                        slope * weight * (path[entry + ONE] - path[entry + ZERO]) * leaf;
            }
        }

        /** Returns the sum of the weights that {@link #unwind} would leave, without changing the path. */
        private double unwoundSum(int start, int last, int index) {
            double zero = path[start + index * ENTRY + ZERO];
            double one = path[start + index * ENTRY + ONE];
            double next = path[start + last * ENTRY + WEIGHT];
            double sum = 0;
            for (int i = last - 1; i >= 0; i--) {
                double weight = path[start + i * ENTRY + WEIGHT];
                if (one != 0) {
                    double unwound = next * (last + 1) / ((i + 1) * one);
                    sum += unwound;
                    next = weight - unwound * zero * (last - i) / (last + 1);
                } else {
                    sum += weight * (last + 1) / (zero * (last - i));
                }
            }
            return sum;
        }
    }
}
