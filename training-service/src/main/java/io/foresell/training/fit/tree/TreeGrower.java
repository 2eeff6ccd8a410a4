package io.foresell.training.fit.tree;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Grows one tree, the split that gains most first. */
final class TreeGrower {
    /** A node whose rows are at [from, until) of the grower's list. */
    private record Open(int node, int from, int until, int depth, Split split) {}

    private final Targets targets;
    private final Growth growth;
    private final float[] weights;
    private final SplitSearch search;
    private final int[] rows;
    private final BooleanSupplier isCancelled;
    private final GrownTree tree;
    private final PriorityQueue<Open> open = new PriorityQueue<>((a, b) -> {
        int byGain = Double.compare(b.split().gain(), a.split().gain());
        return byGain != 0 ? byGain : Integer.compare(a.node(), b.node());
    });

    /**
     * Takes rows to grow from.
     *
     * @param rows their indexes; reordered
     * @param weights what each row counts, by index
     */
    TreeGrower(
            BinnedColumns columns,
            Targets targets,
            Growth growth,
            int[] rows,
            float[] weights,
            SplittableRandom random,
            BooleanSupplier isCancelled) {
        this.targets = targets;
        this.growth = growth;
        this.rows = rows;
        this.weights = weights;
        this.isCancelled = isCancelled;
        this.search = new SplitSearch(columns, targets, growth, weights, random);
        this.tree = new GrownTree(targets);
    }

    GrownTree grow() {
        add(0, rows.length, 0);
        for (int leaves = 1; leaves < growth.maxLeaves() && !open.isEmpty(); leaves++) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while growing a tree");
            }
            divide(open.remove());
        }
        return tree;
    }

    private void divide(Open node) {
        int middle = partition(node);
        int yes = add(node.from(), middle, node.depth() + 1);
        int no = add(middle, node.until(), node.depth() + 1);
        tree.split(node.node(), node.split(), yes, no);
    }

    /** Moves the rows of the yes child to the front and returns where the others start. */
    private int partition(Open node) {
        int front = node.from();
        int back = node.until() - 1;
        while (front <= back) {
            int row = rows[front];
            if (node.split().isYes(row)) {
                front++;
            } else {
                rows[front] = rows[back];
                rows[back--] = row;
            }
        }
        return front;
    }

    private int add(int from, int until, int depth) {
        double[] sums = new double[targets.width];
        for (int i = from; i < until; i++) {
            targets.addTo(sums, 0, rows[i], weights[rows[i]]);
        }
        int node = tree.add(sums, until - from);
        if (depth < growth.maxDepth() && until - from >= 2 * growth.minLeafRows()) {
            @Nullable Split split = search.best(rows, from, until, sums);
            if (split != null) {
                open.add(new Open(node, from, until, depth, split));
            }
        }
        return node;
    }
}
