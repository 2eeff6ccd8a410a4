package io.foresell.feature.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The figures of probabilities against outcomes of 0 and 1. Defined as those of training reports: ties share their outcomes, bins hold
 * equal counts.
 */
final class TwoClassFigures {
    private static final int BINS = 10;
    private static final double CLIP = 1e-15;
    private static final double Z = 1.959964;

    private final long[] rows; // the score as a number that sorts alike, above the outcome; ascending
    private final long positiveCount;

    /** One bin of the calibration curve. */
    record Bin(double meanScore, double observedRate, long rowCount) {}

    /** An area with its 95 % interval; the ends are NaN when they cannot be told. */
    record Area(double area, double low, double high) {}

    /** Takes a score that is a float, not NaN, and whether it came true for each row. */
    TwoClassFigures(double[] scores, boolean[] outcomes) {
        rows = new long[scores.length];
        long positives = 0;
        for (int i = 0; i < rows.length; i++) {
            int bits = Float.floatToIntBits((float) scores[i] + 0f); // minus zero becomes zero
            rows[i] = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 1 | (outcomes[i] ? 1 : 0);
            positives += outcomes[i] ? 1 : 0;
        }
        Arrays.sort(rows);
        positiveCount = positives;
    }

    private double score(int row) {
        int sortable = (int) (rows[row] >> 1);
        return Float.intBitsToFloat(sortable ^ (sortable >> 31 & Integer.MAX_VALUE));
    }

    private boolean isPositive(int row) {
        return (rows[row] & 1) == 1;
    }

    boolean hasBothClasses() {
        return positiveCount > 0 && positiveCount < rows.length;
    }

    /**
     * Returns the area under the ROC curve. Its variance is that of DeLong, DeLong and Clarke-Pearson (1988); the interval is laid on
     * the scale of log-odds (Pepe, 2003, section 5.2), where it stays within 0 and 1.
     */
    Area area() {
        double negativeCount = rows.length - (double) positiveCount;
        double negativesBelow = 0;
        double positivesBelow = 0;
        double sumOfPositives = 0;
        double squaresOfPositives = 0;
        double squaresOfNegatives = 0;
        for (int from = 0; from < rows.length; ) {
            int end = endOfTie(from);
            double positives = positives(from, end);
            double negatives = end - from - positives;
            double ofPositive = (negativesBelow + negatives / 2) / negativeCount;
            double ofNegative = 1 - (positivesBelow + positives / 2) / positiveCount;
            sumOfPositives += positives * ofPositive;
            squaresOfPositives += positives * ofPositive * ofPositive;
            squaresOfNegatives += negatives * ofNegative * ofNegative;
            negativesBelow += negatives;
            positivesBelow += positives;
            from = end;
        }
        double area = sumOfPositives / positiveCount;
        double variance = varianceOfMean(squaresOfPositives, area, (double) positiveCount)
                + varianceOfMean(squaresOfNegatives, area, negativeCount);
        double half = Z * Math.sqrt(variance) / (area * (1 - area));
        double logOdds = Math.log(area / (1 - area));
        return half > 0 && Double.isFinite(half)
                ? new Area(area, logistic(logOdds - half), logistic(logOdds + half))
                : new Area(area, Double.NaN, Double.NaN);
    }

    private static double varianceOfMean(double squares, double mean, double count) {
        return (squares - count * mean * mean) / (count - 1) / count;
    }

    private static double logistic(double logOdds) {
        return 1 / (1 + Math.exp(-logOdds));
    }

    private int endOfTie(int from) {
        int end = from + 1;
        while (end < rows.length && rows[end] >>> 1 == rows[from] >>> 1) {
            end++;
        }
        return end;
    }

    /** Within a tie negatives come first. */
    private int positives(int from, int end) {
        int positives = 0;
        for (int row = from; row < end; row++) {
            positives += isPositive(row) ? 1 : 0;
        }
        return positives;
    }

    double logLoss() {
        double sum = 0;
        for (int row = 0; row < rows.length; row++) {
            double clipped = Math.max(CLIP, Math.min(1 - CLIP, score(row)));
            sum -= Math.log(isPositive(row) ? clipped : 1 - clipped);
        }
        return sum / rows.length;
    }

    double brier() {
        double sum = 0;
        for (int row = 0; row < rows.length; row++) {
            double difference = score(row) - (isPositive(row) ? 1 : 0);
            sum += difference * difference;
        }
        return sum / rows.length;
    }

    /** Returns ten bins of equal count, lowest scores first; rows of one score share their mean outcome. */
    List<Bin> calibration() {
        double[] outcomes = new double[rows.length];
        for (int from = 0; from < rows.length; ) {
            int end = endOfTie(from);
            Arrays.fill(outcomes, from, end, positives(from, end) / (double) (end - from));
            from = end;
        }
        List<Bin> bins = new ArrayList<>();
        // Cut from the highest score down, as training reports do.
        for (int bin = BINS - 1; bin >= 0; bin--) {
            int from = rows.length - (int) ((bin + 1L) * rows.length / BINS);
            int until = rows.length - (int) ((long) bin * rows.length / BINS);
            if (from < until) {
                double scores = 0;
                double observed = 0;
                for (int row = from; row < until; row++) {
                    scores += score(row);
                    observed += outcomes[row];
                }
                bins.add(new Bin(scores / (until - from), observed / (until - from), until - from));
            }
        }
        return bins;
    }

    /** Returns the expected calibration error over the bins. */
    static double calibrationError(List<Bin> bins) {
        double sum = 0;
        double count = 0;
        for (Bin bin : bins) {
            sum += bin.rowCount() * Math.abs(bin.observedRate() - bin.meanScore());
            count += bin.rowCount();
        }
        return sum / count;
    }
}
