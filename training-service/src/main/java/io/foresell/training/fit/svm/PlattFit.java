package io.foresell.training.fit.svm;

import io.foresell.model.graph.PlattCalibration;

/**
 * Finds slope and intercept that make probabilities of decision values, by Newton's method with a line search on targets that
 * are a little less sure than the labels. Platt (1999); Lin, Lin and Weng, "A note on Platt's probabilistic outputs for
 * support vector machines" (2007).
 */
final class PlattFit {
    private static final int MAX_ITERATIONS = 100;
    private static final double RIDGE = 1e-12;

    private final double[] decisions;
    private final double[] targets;
    private final float[] weights;

    /**
     * Takes decision values that the machine gave to rows it did not learn from.
     *
     * @param signs above 0 for the positive class
     */
    PlattFit(double[] decisions, double[] signs, float[] weights) {
        this.decisions = decisions;
        this.weights = weights;
        this.targets = new double[decisions.length];
        double positives = 0;
        double negatives = 0;
        for (int row = 0; row < signs.length; row++) {
            positives += signs[row] > 0 ? weights[row] : 0;
            negatives += signs[row] > 0 ? 0 : weights[row];
        }
        for (int row = 0; row < signs.length; row++) {
            targets[row] = signs[row] > 0 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2);
        }
    }

    PlattCalibration fit() {
        double slope = 0;
        double intercept = startIntercept();
        double loss = loss(slope, intercept);
        for (int i = 0; i < MAX_ITERATIONS; i++) {
            double[] step = step(slope, intercept);
            double length = 1;
            double next = loss(slope - step[0], intercept - step[1]);
            while (!(next < loss) && length > 1e-10) {
                length /= 2;
                next = loss(slope - length * step[0], intercept - length * step[1]);
            }
            if (!(next < loss)) {
                break;
            }
            slope -= length * step[0];
            intercept -= length * step[1];
            boolean isDone = loss - next < 1e-12 * (1 + loss);
            loss = next;
            if (isDone) {
                break;
            }
        }
        return new PlattCalibration(slope, intercept);
    }

    private double startIntercept() {
        double sum = 0;
        double weight = 0;
        for (int row = 0; row < targets.length; row++) {
            sum += weights[row] * targets[row];
            weight += weights[row];
        }
        return Math.log(sum / (weight - sum));
    }

    private double loss(double slope, double intercept) {
        double sum = 0;
        for (int row = 0; row < targets.length; row++) {
            double z = slope * decisions[row] + intercept;
            // log(1 + e^z) - t z without overflow.
            sum += weights[row] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - targets[row] * z);
        }
        return sum;
    }

    private double[] step(double slope, double intercept) {
        double ss = RIDGE;
        double si = 0;
        double ii = RIDGE;
        double gradientSlope = 0;
        double gradientIntercept = 0;
        for (int row = 0; row < targets.length; row++) {
            double z = slope * decisions[row] + intercept;
            double p = z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
            double curvature = weights[row] * p * (1 - p);
            ss += curvature * decisions[row] * decisions[row];
            si += curvature * decisions[row];
            ii += curvature;
            double pull = weights[row] * (p - targets[row]);
            gradientSlope += pull * decisions[row];
            gradientIntercept += pull;
        }
        double determinant = ss * ii - si * si;
        return new double[] {
            (ii * gradientSlope - si * gradientIntercept) / determinant,
            (ss * gradientIntercept - si * gradientSlope) / determinant
        };
    }
}
