package io.foresell.model.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What an ensemble answers for a row, target by target, in doubles. Immutable, thread-safe, no allocation per row. */
public final class TreeSums {
    private final TreeEnsemble trees;
    private final TreeLayout layout;
    private final boolean isScalar;

    private TreeSums(TreeEnsemble trees, TreeLayout layout, boolean isScalar) {
        this.trees = trees;
        this.layout = layout;
        this.isScalar = isScalar;
    }

    /** Returns the ensemble in the layout that suits its shape. */
    public static TreeSums of(TreeEnsemble trees) {
        RowKeys keys = new RowKeys(trees);
        boolean isScalar = isScalar(trees);
        PairedLayout paired =
                isPairedFaster(trees, keys) ? PairedLayout.of(trees, keys, payload(trees, isScalar)) : null;
        return paired == null ? branching(trees) : new TreeSums(trees, paired, isScalar);
    }

    static TreeSums branching(TreeEnsemble trees) {
        boolean isScalar = isScalar(trees);
        return new TreeSums(trees, new BranchingLayout(trees, payload(trees, isScalar)), isScalar);
    }

    static @Nullable TreeSums paired(TreeEnsemble trees) {
        boolean isScalar = isScalar(trees);
        PairedLayout layout = PairedLayout.of(trees, new RowKeys(trees), payload(trees, isScalar));
        return layout == null ? null : new TreeSums(trees, layout, isScalar);
    }

    boolean isPaired() {
        return layout instanceof PairedLayout;
    }

    /**
     * Measured with {@code TreeLayoutBenchmark}: a step costs 2.5 ns without a branch and about 17 ns with one, when trees
     * wait for each other; a column costs 1.3 ns to prepare; less than four trees have nothing to hide latency behind.
     */
    private static boolean isPairedFaster(TreeEnsemble trees, RowKeys keys) {
        double branched = 17 * expectedSteps(trees);
        return trees.treeCount() >= 4 && 2.5 * PairedLayout.stepCount(trees) + 1.3 * keys.usedCount() < branched;
    }

    /** Returns the splits that a row passes on average over training. */
    private static double expectedSteps(TreeEnsemble trees) {
        double steps = 0;
        double[] reach = trees.reach();
        for (int node = 0; node < reach.length; node++) {
            if (!trees.isLeaf(node)) {
                steps += reach[node];
            }
        }
        return steps;
    }

    /** Returns whether a leaf is one float, which then travels in the layout itself. */
    private static boolean isScalar(TreeEnsemble trees) {
        if (trees.targetCount != 1 || !trees.isAdditive()) {
            return false;
        }
        for (int node = 0; node < trees.nodeCount(); node++) {
            if (trees.weightStart[node + 1] - trees.weightStart[node] > 1) {
                return false;
            }
        }
        for (double weight : trees.weight) {
            if ((float) weight != weight) {
                return false;
            }
        }
        return true;
    }

    private static TreeLayout.Payload payload(TreeEnsemble trees, boolean isScalar) {
        return isScalar ? leaf -> Float.floatToRawIntBits((float) trees.weight(leaf, 0)) : leaf -> leaf;
    }

    /**
     * Answers one row: base plus aggregate of the leaves it reaches, for each target.
     *
     * @param columns the row's columns start at {@code offset}; NaN is missing
     * @param totals receives one value a target; length targetCount or more
     */
    public void sum(float[] columns, int offset, double[] totals) {
        TreeScratch scratch = TreeScratch.ofThread();
        int[] leaves = scratch.payloads(trees.treeCount());
        layout.descend(columns, offset, scratch, leaves);
        if (isScalar) {
            totals[0] = trees.base[0] + sum(leaves, trees.treeCount()) * trees.scale();
        } else if (trees.isAdditive()) {
            add(leaves, totals);
        } else {
            extremes(leaves, totals);
        }
    }

    /** Four sums side by side, since one addition takes four cycles. */
    private static double sum(int[] bits, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            a += Float.intBitsToFloat(bits[i]);
            b += Float.intBitsToFloat(bits[i + 1]);
            c += Float.intBitsToFloat(bits[i + 2]);
            d += Float.intBitsToFloat(bits[i + 3]);
        }
        for (; i < count; i++) {
            a += Float.intBitsToFloat(bits[i]);
        }
        return (a + b) + (c + d);
    }

    private void add(int[] leaves, double[] totals) {
        int targets = trees.targetCount;
        Arrays.fill(totals, 0, targets, 0);
        for (int tree = 0; tree < trees.treeCount(); tree++) {
            int end = trees.weightStart[leaves[tree] + 1];
            for (int i = trees.weightStart[leaves[tree]]; i < end; i++) {
                totals[trees.weightTarget[i]] += trees.weight[i];
            }
        }
        double scale = trees.scale();
        for (int target = 0; target < targets; target++) {
            totals[target] = trees.base[target] + totals[target] * scale;
        }
    }

    /** A target without any leaf, marked by NaN until the end, has the base value alone. */
    private void extremes(int[] leaves, double[] totals) {
        int targets = trees.targetCount;
        boolean isMin = trees.aggregate == Aggregate.MIN;
        Arrays.fill(totals, 0, targets, Double.NaN);
        for (int tree = 0; tree < trees.treeCount(); tree++) {
            int end = trees.weightStart[leaves[tree] + 1];
            for (int i = trees.weightStart[leaves[tree]]; i < end; i++) {
                int target = trees.weightTarget[i];
                double weight = trees.weight[i];
                double before = totals[target];
                if (Double.isNaN(before) || (isMin ? weight < before : weight > before)) {
                    totals[target] = weight;
                }
            }
        }
        for (int target = 0; target < targets; target++) {
            totals[target] = trees.base[target] + (Double.isNaN(totals[target]) ? 0 : totals[target]);
        }
    }
}
