package io.foresell.training.calibrate;

import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.IsotonicCalibration;
import java.util.Arrays;

/**
 * Fits the rising steps of least squares by pooling adjacent violators; between two steps the curve is a straight line.
 */
final class IsotonicFit {
    private final double[] firstX;
    private final double[] lastX;
    private final double[] means;
    private final double[] weights;
    private int blockCount;

    private IsotonicFit(int capacity) {
        firstX = new double[capacity];
        lastX = new double[capacity];
        means = new double[capacity];
        weights = new double[capacity];
    }

    static Calibration fit(double[] probabilities, boolean[] labels) {
        if (CalibrationMethod.hasOneClass(labels)) {
            return Calibration.NONE;
        }
        IsotonicFit steps = pooled(probabilities, labels);
        steps.keepEndsInside();
        return steps.curve();
    }

    /** Returns the fitted value of every row; ties of probability get one value. */
    static double[] fitted(double[] probabilities, boolean[] labels) {
        IsotonicFit steps = pooled(probabilities, labels);
        double[] fitted = new double[probabilities.length];
        for (int i = 0; i < fitted.length; i++) {
            int block = 0;
            while (steps.lastX[block] < probabilities[i]) {
                block++;
            }
            fitted[i] = steps.means[block];
        }
        return fitted;
    }

    private static IsotonicFit pooled(double[] probabilities, boolean[] labels) {
        Integer[] order = new Integer[probabilities.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Double.compare(probabilities[a], probabilities[b]));
        IsotonicFit steps = new IsotonicFit(order.length);
        for (int from = 0; from < order.length; ) {
            double x = probabilities[order[from]];
            double sum = 0;
            int until = from;
            while (until < order.length && probabilities[order[until]] == x) {
                sum += labels[order[until]] ? 1 : 0;
                until++;
            }
            steps.push(x, sum / (until - from), until - from);
            from = until;
        }
        return steps;
    }

    private void push(double x, double mean, double weight) {
        firstX[blockCount] = x;
        lastX[blockCount] = x;
        means[blockCount] = mean;
        weights[blockCount++] = weight;
        while (blockCount > 1 && means[blockCount - 2] >= means[blockCount - 1]) {
            int into = blockCount - 2;
            double both = weights[into] + weights[into + 1];
            means[into] = (means[into] * weights[into] + means[into + 1] * weights[into + 1]) / both;
            weights[into] = both;
            lastX[into] = lastX[into + 1];
            blockCount--;
        }
    }

    /** A probability of exactly 0 or 1 would be refuted by one row: half a row of the other class is added to such a block. */
    private void keepEndsInside() {
        if (means[0] == 0) {
            double inside = 0.5 / (weights[0] + 1);
            means[0] = blockCount == 1 ? inside : Math.min(inside, means[1]);
        }
        int last = blockCount - 1;
        if (means[last] == 1) {
            double inside = 1 - 0.5 / (weights[last] + 1);
            means[last] = blockCount == 1 ? inside : Math.max(inside, means[last - 1]);
        }
    }

    private Calibration curve() {
        double[] from = new double[2 * blockCount];
        double[] to = new double[2 * blockCount];
        int count = 0;
        for (int block = 0; block < blockCount; block++) {
            from[count] = firstX[block];
            to[count++] = means[block];
            if (lastX[block] > firstX[block]) {
                from[count] = lastX[block];
                to[count++] = means[block];
            }
        }
        return IsotonicCalibration.ofSteps(Arrays.copyOf(from, count), Arrays.copyOf(to, count));
    }
}
