package io.foresell.training.evaluate;

import java.util.Arrays;

/** The rows of one list by falling score, with what each is worth. Tied rows stand in every order at once; see {@link ListMeasure}. */
final class RankedList {
    private final Ranking relevant;
    private final Ranking worth;
    private final double[] bestGains;

    /** Takes what rows are worth, 0 for one that is not relevant. */
    RankedList(double[] gains, double[] scores) {
        boolean[] isRelevant = new boolean[gains.length];
        for (int row = 0; row < gains.length; row++) {
            isRelevant[row] = gains[row] > 0;
        }
        relevant = new Ranking(isRelevant, scores);
        worth = new Ranking(gains, scores);
        bestGains = gains.clone();
        Arrays.sort(bestGains);
    }

    double discountedGain(int cutOff) {
        int count = bestGains.length;
        double gain = 0;
        double best = 0;
        for (int i = 0; i < Math.min(cutOff, count); i++) {
            double discount = Math.log(i + 2) / Math.log(2);
            gain += worth.tiedLabels[i] / discount;
            best += bestGains[count - 1 - i] / discount;
        }
        return gain / best;
    }

    /** A row at a place of a tie is relevant with the tie's share, and then so are, on average, that many of those before it. */
    double averagePrecision(int cutOff) {
        int last = Math.min(cutOff, relevant.rowCount());
        double sum = 0;
        double before = 0;
        for (int from = 0; from < last; from = relevant.tieEnds[from]) {
            int size = relevant.tieEnds[from] - from;
            double share = relevant.tiedLabels[from];
            double others = size == 1 ? 0 : (share * size - 1) / (size - 1);
            for (int i = 0; from + i < Math.min(last, from + size) && share > 0; i++) {
                sum += share * (before + 1 + i * others) / (from + i + 1);
            }
            before += share * size;
        }
        return sum / Math.min(cutOff, relevant.positiveCount);
    }

    double precision(int cutOff) {
        int count = Math.min(cutOff, relevant.rowCount());
        return relevant.positivesInTop(count) / count;
    }

    double recall(int cutOff) {
        return relevant.positivesInTop(Math.min(cutOff, relevant.rowCount())) / relevant.positiveCount;
    }

    double hitRate(int cutOff) {
        int from = firstTie();
        double missed = 1;
        for (int i = 0; from + i < Math.min(cutOff, relevant.tieEnds[from]); i++) {
            missed *= 1 - chanceAfter(from, i);
        }
        return from >= cutOff ? 0 : 1 - missed;
    }

    double reciprocalRank() {
        int from = firstTie();
        double sum = 0;
        double missed = 1;
        for (int i = 0; from + i < relevant.tieEnds[from]; i++) {
            sum += missed * chanceAfter(from, i) / (from + i + 1);
            missed *= 1 - chanceAfter(from, i);
        }
        return sum;
    }

    /** Returns the first place of the first tie with a relevant row. */
    private int firstTie() {
        int from = 0;
        while (relevant.tiedLabels[from] == 0) {
            from = relevant.tieEnds[from];
        }
        return from;
    }

    /** Returns the chance that the next row of a tie is relevant after so many of it that are not. */
    private double chanceAfter(int from, int misses) {
        int size = relevant.tieEnds[from] - from;
        return Math.min(1, relevant.tiedLabels[from] * size / (size - misses));
    }
}
