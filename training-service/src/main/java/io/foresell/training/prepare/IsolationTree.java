package io.foresell.training.prepare;

import io.foresell.model.graph.Tree;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Cuts at random places of random columns. Nodes are numbered from the root on; a leaf has no column. Immutable. */
final class IsolationTree {
    private final int[] columns;
    private final float[] cuts;
    private final int[] lefts;
    private final int[] rights;
    /** At a leaf: its depth and the mean depth that a tree over its rows would add. */
    private final double[] depths;
    /** How many rows of the sample reached each node. */
    private final int[] counts;

    private int nodeCount;

    private IsolationTree(int capacity) {
        counts = new int[capacity];
        columns = new int[capacity];
        cuts = new float[capacity];
        lefts = new int[capacity];
        rights = new int[capacity];
        depths = new double[capacity];
    }

    /**
     * Grows a tree over some rows, as deep as their number lets a balanced one be.
     *
     * @param values row-major, shape [rows, width]
     * @param rows indexes; reordered
     */
    static IsolationTree grow(float[] values, int width, int[] rows, SplittableRandom random) {
        IsolationTree tree = new IsolationTree(2 * rows.length);
        int maxDepth = (int) Math.ceil(Math.log(Math.max(2, rows.length)) / Math.log(2));
        Growth growth = new Growth(tree, values, width, rows, random, maxDepth);
        growth.node(0, rows.length, 0);
        tree.nodeCount = growth.nodeCount;
        return tree;
    }

    double depth(float[] values, int at) {
        int node = 0;
        while (columns[node] >= 0) {
            node = values[at + columns[node]] <= cuts[node] ? lefts[node] : rights[node];
        }
        return depths[node];
    }

    /**
     * Returns this tree with depths as the values of its leaves.
     *
     * @param fills what a missing value of each column counts as
     */
    Tree tree(float[] fills) {
        int[] feature = Arrays.copyOf(columns, nodeCount);
        float[] thresholds = new float[nodeCount];
        int[] missing = new int[nodeCount];
        float[] leaves = new float[nodeCount];
        float[] covers = new float[nodeCount];
        for (int node = 0; node < nodeCount; node++) {
            boolean isLeaf = feature[node] < 0;
            // A tree sends rows below a threshold to its left, this one those up to the cut.
            thresholds[node] = isLeaf ? 0 : Math.nextUp(cuts[node]);
            missing[node] = isLeaf ? 0 : fills[feature[node]] <= cuts[node] ? lefts[node] : rights[node];
            leaves[node] = (float) depths[node];
            covers[node] = counts[node];
        }
        return new Tree(
                feature,
                thresholds,
                Arrays.copyOf(lefts, nodeCount),
                Arrays.copyOf(rights, nodeCount),
                missing,
                leaves,
                covers);
    }

    private static final class Growth {
        private final IsolationTree tree;
        private final float[] values;
        private final int width;
        private final int[] rows;
        private final SplittableRandom random;
        private final int maxDepth;
        private int nodeCount;

        Growth(IsolationTree tree, float[] values, int width, int[] rows, SplittableRandom random, int maxDepth) {
            this.tree = tree;
            this.values = values;
            this.width = width;
            this.rows = rows;
            this.random = random;
            this.maxDepth = maxDepth;
        }

        /** Makes a node of the rows [from, until) and returns its number. */
        int node(int from, int until, int depth) {
            int node = nodeCount++;
            tree.counts[node] = until - from;
            int column = depth < maxDepth && until - from > 1 ? varying(from, until) : -1;
            tree.columns[node] = column;
            if (column < 0) {
                tree.depths[node] = depth + IsolationForest.meanDepth(until - from);
                return node;
            }
            float least = Float.POSITIVE_INFINITY;
            float greatest = Float.NEGATIVE_INFINITY;
            for (int i = from; i < until; i++) {
                float value = values[rows[i] * width + column];
                least = Math.min(least, value);
                greatest = Math.max(greatest, value);
            }
            float cut = (float) (least + random.nextDouble() * ((double) greatest - least));
            // Rounding up to the greatest value would leave nothing on the right.
            tree.cuts[node] = cut < greatest ? cut : least;
            int middle = partition(from, until, column, tree.cuts[node]);
            tree.lefts[node] = node(from, middle, depth + 1);
            tree.rights[node] = node(middle, until, depth + 1);
            return node;
        }

        /** Returns a random column that is not constant in the rows; -1 when all are. */
        private int varying(int from, int until) {
            int[] order = new int[width];
            Arrays.setAll(order, i -> i);
            for (int i = 0; i < width; i++) {
                int at = i + random.nextInt(width - i);
                int column = order[at];
                order[at] = order[i];
                float first = values[rows[from] * width + column];
                for (int j = from + 1; j < until; j++) {
                    if (values[rows[j] * width + column] != first) {
                        return column;
                    }
                }
            }
            return -1;
        }

        private int partition(int from, int until, int column, float cut) {
            int middle = from;
            for (int i = from; i < until; i++) {
                if (values[rows[i] * width + column] <= cut) {
                    int row = rows[i];
                    rows[i] = rows[middle];
                    rows[middle++] = row;
                }
            }
            return middle;
        }
    }
}
