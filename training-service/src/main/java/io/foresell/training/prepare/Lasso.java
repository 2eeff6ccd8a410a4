package io.foresell.training.prepare;

import java.util.Arrays;

/**
 * Least squares on standardised columns with an L1 penalty: {@code |y - X w|^2 / (2 n) + penalty * |w|_1}, by coordinate descent on
 * correlations (Friedman, Hastie and Tibshirani 2010, section 2.2).
 */
final class Lasso {
    private static final int MAX_PASSES = 1000;
    private static final double TOLERANCE = 1e-7;

    private final Correlations correlations;

    Lasso(Correlations correlations) {
        this.correlations = correlations;
    }

    /** Returns the least penalty that leaves no column, of all labels. */
    double greatestPenalty() {
        double greatest = 0;
        for (double[] label : correlations.withLabels) {
            for (double correlation : label) {
                greatest = Math.max(greatest, Math.abs(correlation));
            }
        }
        return greatest;
    }

    /** Returns the size of the weight of each column, the greatest of all labels. */
    double[] weights(double penalty) {
        double[] greatest = new double[correlations.width];
        for (double[] label : correlations.withLabels) {
            double[] weights = fit(label, penalty);
            Arrays.setAll(greatest, i -> Math.max(greatest[i], Math.abs(weights[i])));
        }
        return greatest;
    }

    private double[] fit(double[] label, double penalty) {
        int width = correlations.width;
        double[] weights = new double[width];
        // What of the label's correlation is left, by column.
        double[] residual = label.clone();
        double scale = Arrays.stream(label).map(Math::abs).max().orElse(0);
        for (int pass = 0; pass < MAX_PASSES; pass++) {
            double greatestChange = 0;
            for (int i = 0; i < width; i++) {
                if (correlations.deviations[i] == 0) {
                    continue;
                }
                double wanted = residual[i] + weights[i];
                double next = Math.signum(wanted) * Math.max(0, Math.abs(wanted) - penalty);
                double change = next - weights[i];
                if (change != 0) {
                    weights[i] = next;
                    double[] with = correlations.between[i];
                    for (int j = 0; j < width; j++) {
                        residual[j] -= change * with[j];
                    }
                    greatestChange = Math.max(greatestChange, Math.abs(change));
                }
            }
            if (greatestChange <= TOLERANCE * scale) {
                break;
            }
        }
        return weights;
    }
}
