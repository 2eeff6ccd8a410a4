package io.foresell.training.fit.tree;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best split of a node among randomly drawn columns. Sums over rows are gathered per code, once per group of
 * columns, then every threshold is tried. Not thread-safe.
 */
final class SplitSearch {
    // Below, a gain is rounding noise.
    private static final double LEAST_GAIN_PER_WEIGHT = 1e-10;

    private final BinnedColumns columns;
    private final Targets targets;
    private final Growth growth;
    private final SplittableRandom random;
    private final float[] weights;
    private final int[] order;
    private final double[][] sumsOf;
    private final int[][] countsOf;
    private final double[] left;
    private final double[] right;
    private final double[] withMissing;

    // The node at hand.
    private int[] rows = new int[0];
    private int from;
    private int until;
    private double[] all = new double[0];
    private double purity;
    private @Nullable Split best;
    private double bestGain;

    SplitSearch(BinnedColumns columns, Targets targets, Growth growth, float[] weights, SplittableRandom random) {
        this.columns = columns;
        this.targets = targets;
        this.growth = growth;
        this.weights = weights;
        this.random = random;
        this.order = new int[columns.width];
        Arrays.setAll(order, i -> i);
        this.sumsOf = new double[columns.groups.size()][];
        this.countsOf = new int[columns.groups.size()][];
        this.left = new double[targets.width];
        this.right = new double[targets.width];
        this.withMissing = new double[targets.width];
    }

    /** Returns the best split of some rows, whose sums are given; null when none gains anything. */
    @Nullable
    Split best(int[] nodeRows, int nodeFrom, int nodeUntil, double[] nodeSums) {
        rows = nodeRows;
        from = nodeFrom;
        until = nodeUntil;
        all = nodeSums;
        purity = growth.criterion().purity(all);
        best = null;
        bestGain = LEAST_GAIN_PER_WEIGHT * targets.weight(all);
        int visited = 0;
        boolean isConstant = true;
        // As many columns as asked for, then more while all had one value only.
        while (visited < order.length && (visited < growth.columnsPerSplit() || isConstant)) {
            int chosen = visited + random.nextInt(order.length - visited);
            int column = order[chosen];
            order[chosen] = order[visited];
            order[visited++] = column;
            isConstant &= !tryColumn(column);
        }
        clear();
        return best;
    }

    /** Tries all splits by a column; false when it has one value only. */
    private boolean tryColumn(int column) {
        int index = columns.groupOf[column];
        BinnedColumns.Group group = columns.groups.get(index);
        if (countsOf[index] == null || countsOf[index][group.codeCount()] == 0) {
            gather(index, group);
        }
        if (group.isNumber()) {
            return tryNumber(column, group, sumsOf[index], countsOf[index]);
        }
        return tryIndicator(column, group, sumsOf[index], countsOf[index]);
    }

    /** Sums up the node's rows per code; the count after the last code says that this was done. */
    private void gather(int index, BinnedColumns.Group group) {
        if (countsOf[index] == null) {
            sumsOf[index] = new double[Math.multiplyExact(group.codeCount(), targets.width)];
            countsOf[index] = new int[group.codeCount() + 1];
        }
        double[] sums = sumsOf[index];
        int[] counts = countsOf[index];
        char[] codes = group.codes();
        for (int i = from; i < until; i++) {
            int row = rows[i];
            int code = codes[row];
            counts[code]++;
            targets.addTo(sums, code * targets.width, row, weights[row]);
        }
        counts[group.codeCount()] = 1;
    }

    private void clear() {
        for (int index = 0; index < countsOf.length; index++) {
            int[] counts = countsOf[index];
            if (counts == null || counts[counts.length - 1] == 0) {
                continue;
            }
            if (until - from >= counts.length / 2) {
                Arrays.fill(counts, 0);
                Arrays.fill(sumsOf[index], 0);
                continue;
            }
            char[] codes = columns.groups.get(index).codes();
            for (int i = from; i < until; i++) {
                int code = codes[rows[i]];
                counts[code] = 0;
                Arrays.fill(sumsOf[index], code * targets.width, (code + 1) * targets.width, 0);
            }
            counts[counts.length - 1] = 0;
        }
    }

    private boolean tryIndicator(int column, BinnedColumns.Group group, double[] sums, int[] counts) {
        int code = 1 + column - group.firstColumn();
        if (!isEnough(counts[code])) {
            return counts[code] > 0 && counts[code] < until - from;
        }
        System.arraycopy(sums, code * targets.width, right, 0, targets.width);
        subtract(all, right, left);
        consider(column, group, code, true, left, right);
        return true;
    }

    private boolean tryNumber(int column, BinnedColumns.Group group, double[] sums, int[] counts) {
        int missingCode = group.missingCode();
        int missing = counts[missingCode];
        Arrays.fill(left, 0);
        int count = 0;
        int last = -1;
        int different = 0;
        for (int code = 0; code < missingCode; code++) {
            if (counts[code] == 0) {
                continue;
            }
            if (last >= 0) {
                // Any cut between two neighbouring codes divides these rows alike; the middle one is the fairest to
                // others.
                tryCut(column, group, (last + code - 1) >> 1, count, missing);
                if (missing > 0) {
                    tryCutWithMissing(column, group, (last + code - 1) >> 1, count + missing, sums);
                }
            }
            add(sums, code * targets.width, left);
            count += counts[code];
            last = code;
            different++;
        }
        if (missing > 0 && isEnough(missing)) {
            System.arraycopy(sums, missingCode * targets.width, left, 0, targets.width);
            subtract(all, left, right);
            consider(column, group, -1, true, left, right);
        }
        return missing > 0 ? missing < until - from : different > 1;
    }

    private void tryCut(int column, BinnedColumns.Group group, int limit, int leftCount, int missing) {
        if (isEnough(leftCount)) {
            subtract(all, left, right);
            // Where training saw none, a missing value goes with the most rows.
            boolean isMissingYes = missing == 0 && targets.weight(left) >= targets.weight(right);
            consider(column, group, limit, isMissingYes, left, right);
        }
    }

    private void tryCutWithMissing(int column, BinnedColumns.Group group, int limit, int leftCount, double[] sums) {
        if (isEnough(leftCount)) {
            System.arraycopy(left, 0, withMissing, 0, left.length);
            add(sums, group.missingCode() * targets.width, withMissing);
            subtract(all, withMissing, right);
            consider(column, group, limit, true, withMissing, right);
        }
    }

    private boolean isEnough(int oneSide) {
        return oneSide >= growth.minLeafRows() && until - from - oneSide >= growth.minLeafRows();
    }

    private void consider(
            int column, BinnedColumns.Group group, int limit, boolean isMissingYes, double[] yes, double[] no) {
        double gain = growth.criterion().purity(yes) + growth.criterion().purity(no) - purity;
        if (gain > bestGain) {
            bestGain = gain;
            best = new Split(column, group, limit, isMissingYes, gain);
        }
    }

    private static void add(double[] from, int at, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[at + i];
        }
    }

    private static void subtract(double[] from, double[] part, double[] rest) {
        for (int i = 0; i < rest.length; i++) {
            rest[i] = from[i] - part[i];
        }
    }
}
