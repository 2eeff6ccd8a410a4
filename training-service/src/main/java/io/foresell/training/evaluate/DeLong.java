package io.foresell.training.evaluate;

import java.util.Arrays;
import org.hipparchus.special.Erf;

/**
 * Areas under the ROC curve with their variance, and the test of two areas on the same rows. DeLong, DeLong and Clarke-Pearson
 * (1988), by midranks as in Sun and Xu (2014).
 */
final class DeLong {
    private final double area;
    private final double[] ofPositives;
    private final double[] ofNegatives;

    private DeLong(double area, double[] ofPositives, double[] ofNegatives) {
        this.area = area;
        this.ofPositives = ofPositives;
        this.ofNegatives = ofNegatives;
    }

    /** Takes 1 and 0 as labels; needs one of each. */
    static DeLong of(double[] labels, double[] scores) {
        double[] positives = select(labels, scores, 1);
        double[] negatives = select(labels, scores, 0);
        double[] sortedPositives = sorted(positives);
        double[] sortedNegatives = sorted(negatives);
        double[] ofPositives = new double[positives.length];
        double[] ofNegatives = new double[negatives.length];
        Arrays.setAll(ofPositives, i -> shareBelow(sortedNegatives, positives[i]));
        Arrays.setAll(ofNegatives, i -> 1 - shareBelow(sortedPositives, negatives[i]));
        return new DeLong(Arrays.stream(ofPositives).average().orElse(Double.NaN), ofPositives, ofNegatives);
    }

    private static double[] select(double[] labels, double[] scores, double label) {
        double[] selected = new double[labels.length];
        int count = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == label) {
                selected[count++] = scores[i];
            }
        }
        return Arrays.copyOf(selected, count);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Values that are equal count half. */
    private static double shareBelow(double[] sorted, double value) {
        return (below(sorted, value, false) + below(sorted, value, true)) / 2.0 / sorted.length;
    }

    private static int below(double[] sorted, double value, boolean countsEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value || (countsEqual && sorted[middle] == value)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    double area() {
        return area;
    }

    /** Returns the variance of the area; NaN with fewer than two rows of a class. */
    double variance() {
        return variance(ofPositives) / ofPositives.length + variance(ofNegatives) / ofNegatives.length;
    }

    /** Returns the variance of this area less another on the same rows. */
    double varianceOfDifference(DeLong other) {
        return variance(less(ofPositives, other.ofPositives)) / ofPositives.length
                + variance(less(ofNegatives, other.ofNegatives)) / ofNegatives.length;
    }

    private static double[] less(double[] first, double[] second) {
        double[] difference = first.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= second[i];
        }
        return difference;
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return squares / (values.length - 1);
    }

    /** Returns the two-sided p-value of a standard normal deviate. */
    static double pValue(double z) {
        return Erf.erfc(Math.abs(z) / Math.sqrt(2));
    }
}
