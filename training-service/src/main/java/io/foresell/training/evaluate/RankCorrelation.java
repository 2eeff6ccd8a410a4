package io.foresell.training.evaluate;

import java.util.Arrays;

/** Spearman's correlation of two columns: that of their ranks, ties at their mean rank. Both are sorted once. */
final class RankCorrelation {
    private final Ranks first;
    private final Ranks second;

    /** Takes as many numbers on each side. */
    RankCorrelation(double[] first, double[] second) {
        this.first = new Ranks(first);
        this.second = new Ranks(second);
    }

    /** Returns the correlation in [-1, 1]; NaN where either side is constant. */
    double of() {
        int[] once = new int[first.values.length];
        Arrays.fill(once, 1);
        return of(once);
    }

    /** Returns the correlation when each row counts a whole number of times. */
    double of(int[] weights) {
        double[] a = first.of(weights);
        double[] b = second.of(weights);
        double count = 0;
        double meanA = 0;
        double meanB = 0;
        for (int row = 0; row < weights.length; row++) {
            count += weights[row];
            meanA += weights[row] * a[row];
            meanB += weights[row] * b[row];
        }
        meanA /= count;
        meanB /= count;
        double both = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int row = 0; row < weights.length; row++) {
            both += weights[row] * (a[row] - meanA) * (b[row] - meanB);
            squaresA += weights[row] * (a[row] - meanA) * (a[row] - meanA);
            squaresB += weights[row] * (b[row] - meanB) * (b[row] - meanB);
        }
        return squaresA == 0 || squaresB == 0 ? Double.NaN : both / Math.sqrt(squaresA * squaresB);
    }

    /** Rows in falling order of a column. */
    private static final class Ranks {
        private final double[] values;
        private final int[] order;

        Ranks(double[] values) {
            this.values = values;
            this.order = Ranking.falling(values);
        }

        /** Returns the mean rank of each row's tie; rows that do not count have one, too. */
        double[] of(int[] weights) {
            double[] ranks = new double[values.length];
            double before = 0;
            for (int from = 0; from < order.length; ) {
                int until = from;
                double tied = 0;
                while (until < order.length && values[order[until]] == values[order[from]]) {
                    tied += weights[order[until]];
                    until++;
                }
                for (int i = from; i < until; i++) {
                    ranks[order[i]] = before + (tied + 1) / 2;
                }
                before += tied;
                from = until;
            }
            return ranks;
        }
    }
}
