package io.foresell.training.fit.cluster;

import io.foresell.model.graph.GaussianMixtureModel;
import java.util.Arrays;

/**
 * Weighted normal distributions. Exactly one of matrices and variances is not empty; a covariance of one variance for all columns
 * repeats it. Immutable.
 */
final class Mixture {
    private final double[] weights;
    private final double[][] means;
    private final double[][][] matrices;
    private final double[][] variances;
    private final LowerTriangle[] factors;
    private final double[] constants;

    private Mixture(double[] weights, double[][] means, double[][][] matrices, double[][] variances) {
        this.weights = weights;
        this.means = means;
        this.matrices = matrices;
        this.variances = variances;
        this.factors = Arrays.stream(matrices).map(LowerTriangle::of).toArray(LowerTriangle[]::new);
        this.constants = new double[weights.length];
        for (int k = 0; k < weights.length; k++) {
            double logDeterminant = factors.length > 0
                    ? factors[k].logDeterminant()
                    : Arrays.stream(variances[k]).map(Math::log).sum();
            constants[k] = Math.log(weights[k]) - (means[k].length * Math.log(2 * Math.PI) + logDeterminant) / 2;
        }
    }

    static Mixture ofMatrices(double[] weights, double[][] means, double[][][] matrices) {
        return new Mixture(weights, means, matrices, new double[0][]);
    }

    static Mixture ofVariances(double[] weights, double[][] means, double[][] variances) {
        return new Mixture(weights, means, new double[0][][], variances);
    }

    int k() {
        return weights.length;
    }

    double[] mean(int k) {
        return means[k];
    }

    /** Returns a reader of densities for one thread. */
    Densities densities() {
        return new Densities();
    }

    /** Computes log-densities; not thread-safe. */
    final class Densities {
        private final double[] difference = new double[means[0].length];
        private final double[] scratch = new double[means[0].length];

        /** Writes the logarithms of weight times density of one row, and returns the logarithm of their sum. */
        double write(float[] rows, int at, double[] logDensities) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < weights.length; k++) {
                for (int i = 0; i < difference.length; i++) {
                    difference[i] = rows[at + i] - means[k][i];
                }
                double length = factors.length > 0
                        ? factors[k].squaredLength(difference, scratch)
                        : diagonalLength(variances[k]);
                logDensities[k] = constants[k] - length / 2;
                greatest = Math.max(greatest, logDensities[k]);
            }
            double sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += Math.exp(logDensities[k] - greatest);
            }
            return greatest + Math.log(sum);
        }

        private double diagonalLength(double[] variance) {
            double sum = 0;
            for (int i = 0; i < difference.length; i++) {
                sum += difference[i] * difference[i] / variance[i];
            }
            return sum;
        }
    }

    /** Returns the distribution under which each row is most likely. */
    int[] clusters(EncodedRows rows) {
        Densities densities = densities();
        double[] logDensities = new double[k()];
        int[] clusters = new int[rows.rowCount()];
        for (int row = 0; row < clusters.length; row++) {
            densities.write(rows.values(), row * rows.width(), logDensities);
            for (int k = 1; k < logDensities.length; k++) {
                clusters[row] = logDensities[k] > logDensities[clusters[row]] ? k : clusters[row];
            }
        }
        return clusters;
    }

    /** Returns the same distributions in another order. */
    Mixture ordered(int[] order) {
        double[] sortedWeights =
                Arrays.stream(order).mapToDouble(k -> weights[k]).toArray();
        double[][] sortedMeans = Arrays.stream(order).mapToObj(k -> means[k]).toArray(double[][]::new);
        return factors.length > 0
                ? ofMatrices(
                        sortedWeights,
                        sortedMeans,
                        Arrays.stream(order).mapToObj(k -> matrices[k]).toArray(double[][][]::new))
                : ofVariances(
                        sortedWeights,
                        sortedMeans,
                        Arrays.stream(order).mapToObj(k -> variances[k]).toArray(double[][]::new));
    }

    GaussianMixtureModel model() {
        return factors.length > 0
                ? GaussianMixtureModel.full(weights, means, matrices)
                : GaussianMixtureModel.diagonal(weights, means, variances);
    }
}
