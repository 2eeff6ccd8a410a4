package io.foresell.training.evaluate;

import java.util.Arrays;

/**
 * Labels in the order of falling scores. Where scores tie, each row counts as the mean label of its tie, so that nothing
 * depends on the order of equal rows.
 */
final class Ranking {
    /** Scores in falling order. */
    final double[] scores;
    /** Mean label of the tie that each place belongs to. */
    final double[] tiedLabels;
    /** First place after the tie that each place belongs to. */
    final int[] tieEnds;

    final double positiveCount;

    Ranking(boolean[] labels, double[] unsorted) {
        this(numbers(labels), unsorted);
    }

    /** Takes what each row is worth in place of a label. */
    Ranking(double[] labels, double[] unsorted) {
        if (labels.length != unsorted.length || labels.length == 0) {
            throw new IllegalArgumentException(
                    "labels: %d, scores: %d (expected: equal, 1 or more)".formatted(labels.length, unsorted.length));
        }
        int count = labels.length;
        // Sorting by score alone is enough: ties are averaged below.
        int[] places = falling(unsorted);
        scores = new double[count];
        tiedLabels = new double[count];
        tieEnds = new int[count];
        double positives = 0;
        for (int from = 0; from < count; ) {
            int until = from;
            double tied = 0;
            while (until < count && unsorted[places[until]] == unsorted[places[from]]) {
                tied += labels[places[until]];
                until++;
            }
            requireNumber(unsorted[places[from]]);
            Arrays.fill(scores, from, until, unsorted[places[from]]);
            Arrays.fill(tiedLabels, from, until, tied / (until - from));
            Arrays.fill(tieEnds, from, until, until);
            positives += tied;
            from = until;
        }
        positiveCount = positives;
    }

    private static double[] numbers(boolean[] labels) {
        double[] numbers = new double[labels.length];
        Arrays.setAll(numbers, row -> labels[row] ? 1 : 0);
        return numbers;
    }

    /** Returns the indexes of values from the greatest to the least. */
    static int[] falling(double[] values) {
        Integer[] places = new Integer[values.length];
        Arrays.setAll(places, i -> i);
        Arrays.sort(places, (a, b) -> Double.compare(values[b], values[a]));
        return Arrays.stream(places).mapToInt(Integer::intValue).toArray();
    }

    private static void requireNumber(double score) {
        if (Double.isNaN(score)) {
            throw new IllegalArgumentException("score: NaN (expected: a number)");
        }
    }

    int rowCount() {
        return scores.length;
    }

    double baseRate() {
        return positiveCount / rowCount();
    }

    boolean hasBothClasses() {
        return positiveCount > 0 && positiveCount < rowCount();
    }

    /** Returns the sum of labels in the first {@code count} places. */
    double positivesInTop(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += tiedLabels[i];
        }
        return sum;
    }
}
