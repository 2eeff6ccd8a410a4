package io.foresell.training.fit.tree;

import io.foresell.model.graph.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A tree while it grows and afterwards; parents come before children. Written by one thread. */
final class GrownTree {
    private static final int LEAF = -1;

    private final Targets targets;
    private final List<double[]> sums = new ArrayList<>();
    private int[] rowCounts = new int[16];
    private int[] column = new int[16];
    private float[] threshold = new float[16];
    private int[] yes = new int[16];
    private int[] no = new int[16];
    private int[] limit = new int[16];
    private boolean[] isMissingYes = new boolean[16];
    private double[] gain = new double[16];

    GrownTree(Targets targets) {
        this.targets = targets;
    }

    /** Adds a leaf and returns its index. */
    int add(double[] nodeSums, int rowCount) {
        int node = sums.size();
        if (node == column.length) {
            int length = 2 * node;
            rowCounts = Arrays.copyOf(rowCounts, length);
            column = Arrays.copyOf(column, length);
            threshold = Arrays.copyOf(threshold, length);
            yes = Arrays.copyOf(yes, length);
            no = Arrays.copyOf(no, length);
            limit = Arrays.copyOf(limit, length);
            isMissingYes = Arrays.copyOf(isMissingYes, length);
            gain = Arrays.copyOf(gain, length);
        }
        sums.add(nodeSums);
        rowCounts[node] = rowCount;
        column[node] = LEAF;
        return node;
    }

    /** Makes a leaf a split between two leaves that were added after it. */
    void split(int node, Split split, int yesChild, int noChild) {
        column[node] = split.column();
        threshold[node] = split.threshold();
        limit[node] = split.limit();
        isMissingYes[node] = split.isMissingYes();
        gain[node] = split.gain();
        yes[node] = yesChild;
        no[node] = noChild;
    }

    int nodeCount() {
        return sums.size();
    }

    boolean isLeaf(int node) {
        return column[node] == LEAF;
    }

    int column(int node) {
        return column[node];
    }

    float threshold(int node) {
        return threshold[node];
    }

    int yes(int node) {
        return yes[node];
    }

    int no(int node) {
        return no[node];
    }

    boolean isMissingYes(int node) {
        return isMissingYes[node];
    }

    int rowCount(int node) {
        return rowCounts[node];
    }

    /** Returns what a node answers. */
    float[] answer(int node) {
        return targets.answer(sums.get(node));
    }

    /** Returns the leaf that a binned row reaches. */
    int leafOf(BinnedColumns columns, int row) {
        int node = 0;
        while (column[node] != LEAF) {
            BinnedColumns.Group group = columns.groups.get(columns.groupOf[column[node]]);
            node = group.isYes(row, limit[node], isMissingYes[node]) ? yes[node] : no[node];
        }
        return node;
    }

    /** Returns the leaf that an encoded row reaches. */
    int leafOf(float[] encoded, int at) {
        int node = 0;
        while (column[node] != LEAF) {
            float value = encoded[at + column[node]];
            boolean isYes = Float.isNaN(value) ? isMissingYes[node] : value < threshold[node];
            node = isYes ? yes[node] : no[node];
        }
        return node;
    }

    /**
     * Returns the smallest tree of least {@code cost + penalty * leaves}, where the cost is the impurity per unit of weight.
     * Breiman et al. (1984), section 3.3.
     */
    GrownTree pruned(double penalty) {
        int count = nodeCount();
        double unit = targets.weight(sums.get(0));
        // Saved is the cost less the node's own as a leaf: never above 0.
        double[] saved = new double[count];
        boolean[] isCut = new boolean[count];
        for (int node = count - 1; node >= 0; node--) {
            if (!isLeaf(node)) {
                double below = saved[yes[node]] + saved[no[node]] + penalty - gain[node] / unit;
                isCut[node] = below >= 0;
                saved[node] = Math.min(0, below);
            }
        }
        GrownTree kept = new GrownTree(targets);
        kept.copy(this, 0, isCut);
        return kept;
    }

    private int copy(GrownTree from, int node, boolean[] isCut) {
        int copied = add(from.sums.get(node), from.rowCounts[node]);
        if (!from.isLeaf(node) && !isCut[node]) {
            int yesChild = copy(from, from.yes[node], isCut);
            int noChild = copy(from, from.no[node], isCut);
            column[copied] = from.column[node];
            threshold[copied] = from.threshold[node];
            limit[copied] = from.limit[node];
            isMissingYes[copied] = from.isMissingYes[node];
            gain[copied] = from.gain[node];
            yes[copied] = yesChild;
            no[copied] = noChild;
        }
        return copied;
    }

    int leafCount() {
        return (nodeCount() + 1) / 2;
    }

    int depth() {
        int[] depths = new int[nodeCount()];
        int deepest = 0;
        for (int node = 0; node < depths.length; node++) {
            if (!isLeaf(node)) {
                depths[yes[node]] = depths[node] + 1;
                depths[no[node]] = depths[node] + 1;
                deepest = Math.max(deepest, depths[node] + 1);
            }
        }
        return deepest;
    }

    /** Returns the tree as packages hold it. */
    Tree toTree() {
        int count = nodeCount();
        int width = targets.answerWidth();
        int[] missing = new int[count];
        float[] leaf = new float[Math.multiplyExact(count, width)];
        float[] cover = new float[count];
        for (int node = 0; node < count; node++) {
            missing[node] = isMissingYes[node] ? yes[node] : no[node];
            cover[node] = (float) targets.weight(sums.get(node));
            if (isLeaf(node)) {
                System.arraycopy(answer(node), 0, leaf, node * width, width);
            }
        }
        return new Tree(
                Arrays.copyOf(column, count),
                Arrays.copyOf(threshold, count),
                Arrays.copyOf(yes, count),
                Arrays.copyOf(no, count),
                missing,
                leaf,
                cover,
                width);
    }
}
