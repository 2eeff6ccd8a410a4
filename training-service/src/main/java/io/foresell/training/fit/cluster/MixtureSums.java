package io.foresell.training.fit.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Weighted sums over rows from which the distributions of the next pass follow. Differences are taken to points near the means, so
 * that no digits are lost. Not thread-safe.
 */
final class MixtureSums {
    /** A distribution of less weight than this many rows is given up. */
    private static final double LEAST_ROWS = 1e-3;

    private final CovarianceKind kind;
    private final double[][] shifts;
    private final double[] counts;
    private final double[][] sums;
    /** Shape [k][width][width], the lower triangle; of variances [k][1][width]. */
    private final double[][][] squares;

    private final double[] difference;

    MixtureSums(CovarianceKind kind, double[][] shifts) {
        this.kind = kind;
        this.shifts = shifts;
        int width = shifts[0].length;
        this.counts = new double[shifts.length];
        this.sums = new double[shifts.length][width];
        this.squares = new double[shifts.length][kind.isMatrix() ? width : 1][width];
        this.difference = new double[width];
    }

    void add(float[] rows, int at, int k, double weight) {
        double[] sum = sums[k];
        counts[k] += weight;
        for (int i = 0; i < difference.length; i++) {
            difference[i] = rows[at + i] - shifts[k][i];
            sum[i] += weight * difference[i];
        }
        for (int i = 0; i < difference.length; i++) {
            if (kind.isMatrix()) {
                double weighted = weight * difference[i];
                double[] row = squares[k][i];
                for (int j = 0; j <= i; j++) {
                    row[j] += weighted * difference[j];
                }
            } else {
                squares[k][0][i] += weight * difference[i] * difference[i];
            }
        }
    }

    /** Returns the most likely distributions; those that hold next to no row are gone. */
    Mixture mixture(double regularization) {
        int[] kept = IntStream.range(0, counts.length)
                .filter(k -> counts[k] > LEAST_ROWS)
                .toArray();
        double total = Arrays.stream(kept).mapToDouble(k -> counts[k]).sum();
        double[] weights =
                Arrays.stream(kept).mapToDouble(k -> counts[k] / total).toArray();
        double[][] means = Arrays.stream(kept).mapToObj(this::mean).toArray(double[][]::new);
        return switch (kind) {
            case FULL -> Mixture.ofMatrices(weights, means, matrices(kept, regularization));
            case TIED -> Mixture.ofMatrices(weights, means, tied(kept, total, regularization));
            case DIAGONAL -> Mixture.ofVariances(weights, means, variances(kept, regularization));
            case SPHERICAL -> Mixture.ofVariances(weights, means, spherical(kept, regularization));
        };
    }

    private double[] mean(int k) {
        double[] mean = new double[difference.length];
        Arrays.setAll(mean, i -> shifts[k][i] + sums[k][i] / counts[k]);
        return mean;
    }

    /** Returns the sum of products of differences to the mean. */
    private double centred(int k, int i, int j) {
        double raw = kind.isMatrix() ? squares[k][Math.max(i, j)][Math.min(i, j)] : squares[k][0][i];
        return raw - sums[k][i] * sums[k][j] / counts[k];
    }

    private double[][][] matrices(int[] kept, double regularization) {
        int width = difference.length;
        double[][][] matrices = new double[kept.length][width][width];
        for (int at = 0; at < kept.length; at++) {
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    matrices[at][i][j] = centred(kept[at], i, j) / counts[kept[at]] + (i == j ? regularization : 0);
                }
            }
        }
        return matrices;
    }

    private double[][][] tied(int[] kept, double total, double regularization) {
        int width = difference.length;
        double[][] matrix = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                for (int k : kept) {
                    matrix[i][j] += centred(k, i, j) / total;
                }
            }
            matrix[i][i] += regularization;
        }
        double[][][] matrices = new double[kept.length][][];
        Arrays.fill(matrices, matrix);
        return matrices;
    }

    private double[][] variances(int[] kept, double regularization) {
        double[][] variances = new double[kept.length][difference.length];
        for (int at = 0; at < kept.length; at++) {
            for (int i = 0; i < difference.length; i++) {
                // Rounding can leave a constant column a little below 0.
                variances[at][i] = Math.max(0, centred(kept[at], i, i) / counts[kept[at]]) + regularization;
            }
        }
        return variances;
    }

    private double[][] spherical(int[] kept, double regularization) {
        double[][] variances = variances(kept, regularization);
        for (double[] variance : variances) {
            Arrays.fill(variance, Arrays.stream(variance).average().orElse(regularization));
        }
        return variances;
    }
}
