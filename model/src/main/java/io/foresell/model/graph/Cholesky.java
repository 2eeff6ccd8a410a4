package io.foresell.model.graph;

/** A covariance as L L^T with L lower triangular. */
final class Cholesky {
    private final double[][] lower;

    private Cholesky(double[][] lower) {
        this.lower = lower;
    }

    static Cholesky of(double[][] covariance) {
        int size = covariance.length;
        double[][] lower = new double[size][size];
        for (int i = 0; i < size; i++) {
            Parameters.requireLength("covariances of a column", covariance[i].length, size);
            for (int j = 0; j <= i; j++) {
                double sum = covariance[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException(
                            "covariance: not positive definite at column %d (expected: add to its diagonal)"
                                    .formatted(i));
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        }
        return new Cholesky(lower);
    }

    /** Returns half of the logarithm of the determinant. */
    double logOfDiagonal() {
        double sum = 0;
        for (int i = 0; i < lower.length; i++) {
            sum += Math.log(lower[i][i]);
        }
        return sum;
    }

    /** Returns the transposed inverse of L, row-major: a centred row times it has the covariance 1. */
    double[] whitening() {
        int size = lower.length;
        double[] transposed = new double[size * size];
        for (int column = 0; column < size; column++) {
            for (int row = column; row < size; row++) {
                double sum = row == column ? 1 : 0;
                for (int k = column; k < row; k++) {
                    sum -= lower[row][k] * transposed[column * size + k];
                }
                transposed[column * size + row] = sum / lower[row][row];
            }
        }
        return transposed;
    }
}
