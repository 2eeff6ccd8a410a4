package io.foresell.training.fit.linear;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The mean log-loss of a logistic (one score) or multinomial (a score per class) model plus an L2 penalty on all but the
 * intercepts, as a function of the coefficients, shape [columns, scores], intercepts last.
 */
final class ClassLikelihood implements QuasiNewton.Objective {
    private static final int ROWS_BETWEEN_CHECKS = 1024;

    private final DesignMatrix rows;
    private final float[] labels;
    private final float[] rowWeights;
    private final int scoreCount;
    private final double l2;
    private final BooleanSupplier isCancelled;
    private final double[] scores;

    /**
     * Takes labels that are 1 or 0 for one score, the index of the class for several.
     *
     * @param l2 what half of the squares is multiplied by, on the scale of the mean log-loss
     */
    ClassLikelihood(
            DesignMatrix rows,
            float[] labels,
            float[] rowWeights,
            int scoreCount,
            double l2,
            BooleanSupplier isCancelled) {
        this.rows = rows;
        this.labels = labels;
        this.rowWeights = rowWeights;
        this.scoreCount = scoreCount;
        this.l2 = l2;
        this.isCancelled = isCancelled;
        this.scores = new double[scoreCount];
    }

    /** Returns coefficients that answer every row with the (weighted) shares of the classes. */
    double[] start() {
        double[] shares = new double[Math.max(2, scoreCount)];
        // Half a row for each class keeps the logarithm of one without rows finite.
        Arrays.fill(shares, 0.5);
        for (int row = 0; row < labels.length; row++) {
            shares[(int) labels[row]] += rowWeights[row];
        }
        double[] start = new double[rows.width * scoreCount];
        int intercepts = start.length - scoreCount;
        double mean = Arrays.stream(shares).map(Math::log).average().orElse(0);
        for (int k = 0; k < scoreCount; k++) {
            start[intercepts + k] = scoreCount == 1 ? Math.log(shares[1] / shares[0]) : Math.log(shares[k]) - mean;
        }
        return start;
    }

    @Override
    public double value(double[] point, double[] gradient) {
        Arrays.fill(gradient, 0);
        double loss = 0;
        for (int row = 0; row < rows.rowCount; row++) {
            if (row % ROWS_BETWEEN_CHECKS == 0 && isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while fitting");
            }
            Arrays.fill(scores, 0);
            rows.addProducts(row, point, scores);
            double weight = rowWeights[row] / (double) rows.rowCount;
            loss += weight * (scoreCount == 1 ? logistic(labels[row]) : multinomial((int) labels[row]));
            for (int k = 0; k < scoreCount; k++) {
                scores[k] *= weight;
            }
            rows.addProductsTo(row, scores, gradient);
        }
        double squares = 0;
        for (int i = 0; i < point.length - scoreCount; i++) {
            gradient[i] += l2 * point[i];
            squares += point[i] * point[i];
        }
        return loss + 0.5 * l2 * squares;
    }

    /** Returns the log-loss of a row and leaves its derivative in place of the score. */
    private double logistic(float label) {
        double z = scores[0];
        scores[0] = Sigmoid.of(z) - label;
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z;
    }

    private double multinomial(int label) {
        double score = scores[label];
        double loss = Softmax.of(scores) - score;
        scores[label] -= 1;
        return loss;
    }
}
