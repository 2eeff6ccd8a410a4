package io.foresell.benchmarks.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Splits sorted by column and limit, each with the leaves that remain when it says no: what is left of a tree's bits begins
 * with the leaf of the row. Lucchese et al., "QuickScorer: a fast algorithm to rank documents with additive ensembles of
 * regression trees", 2015. At most 64 leaves a tree.
 */
final class BitVectorTrees implements RowSum {
    private final RowOrder order = new RowOrder();
    private final int[] start = new int[RowOrder.lastSlot() + 1];
    private final int[] limits;
    private final int[] treeOfSplit;
    private final long[] remaining;
    private final float[][] leaves;
    private final long[] live;

    private record Split(int slot, int limit, int tree, long remaining) {}

    BitVectorTrees(List<DrawnNode> trees) {
        List<Split> splits = new ArrayList<>();
        this.leaves = new float[trees.size()][];
        this.live = new long[trees.size()];
        for (int tree = 0; tree < leaves.length; tree++) {
            List<Float> values = new ArrayList<>();
            collect(trees.get(tree), tree, values, splits);
            leaves[tree] = new float[values.size()];
            for (int i = 0; i < leaves[tree].length; i++) {
                leaves[tree][i] = values.get(i);
            }
        }
        splits.sort(Comparator.comparingInt(Split::slot).thenComparingInt(Split::limit));
        this.limits = splits.stream().mapToInt(Split::limit).toArray();
        this.treeOfSplit = splits.stream().mapToInt(Split::tree).toArray();
        this.remaining = splits.stream().mapToLong(Split::remaining).toArray();
        for (Split split : splits) {
            start[split.slot() + 1]++;
        }
        Arrays.parallelPrefix(start, Integer::sum);
    }

    /** Returns how many leaves hang below a node; a split that says no loses those of its yes child. */
    private static int collect(DrawnNode node, int tree, List<Float> values, List<Split> splits) {
        if (node.isLeaf()) {
            values.add(node.leaf());
            return 1;
        }
        int first = values.size();
        int yesCount = collect(node.yesChild(), tree, values, splits);
        long lost = ((1L << yesCount) - 1) << first;
        splits.add(new Split(RowOrder.slot(node), RowOrder.key(node.threshold()), tree, ~lost));
        int count = yesCount + collect(node.noChild(), tree, values, splits);
        if (first + count > Long.SIZE) {
            throw new IllegalArgumentException("leaves: %d (expected: at most 64)".formatted(first + count));
        }
        return count;
    }

    @Override
    public double sum(float[] columns, int offset) {
        int[] keys = order.of(columns, offset);
        Arrays.fill(live, -1);
        for (int slot = 0; slot < RowOrder.lastSlot(); slot++) {
            int end = start[slot + 1];
            for (int i = start[slot]; i < end && limits[i] <= keys[slot]; i++) {
                live[treeOfSplit[i]] &= remaining[i];
            }
        }
        double sum = 0;
        for (int tree = 0; tree < live.length; tree++) {
            sum += leaves[tree][Long.numberOfTrailingZeros(live[tree])];
        }
        return sum;
    }
}
