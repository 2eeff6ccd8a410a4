package io.foresell.training.fit.cluster;

/** A covariance as L L^T. */
@SuppressWarnings("ArrayRecordComponent")
record LowerTriangle(double[][] rows) {
    /**
     * Factors a symmetric matrix.
     *
     * @throws ArithmeticException when it is not positive definite
     */
    static LowerTriangle of(double[][] matrix) {
        int size = matrix.length;
        double[][] lower = new double[size][];
        for (int i = 0; i < size; i++) {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new ArithmeticException("column %d: %s (expected: above 0)".formatted(i, sum));
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        }
        return new LowerTriangle(lower);
    }

    /** Returns the logarithm of the determinant of the matrix. */
    double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            sum += 2 * Math.log(rows[i][i]);
        }
        return sum;
    }

    /** Returns the squared Mahalanobis length; {@code solved} is scratch. */
    double squaredLength(double[] difference, double[] solved) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            double value = difference[i];
            double[] row = rows[i];
            for (int j = 0; j < i; j++) {
                value -= row[j] * solved[j];
            }
            solved[i] = value / row[i];
            sum += solved[i] * solved[i];
        }
        return sum;
    }
}
