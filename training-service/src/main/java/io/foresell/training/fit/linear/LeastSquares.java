package io.foresell.training.fit.linear;

import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Ordinary least squares and ridge regression with a free intercept, by a triangular factor. A column that the intercept and
 * the columns before it determine, as far as floats can tell, is left out: its coefficient is 0.
 */
final class LeastSquares {
    /** Above so many columns, intercept included, the factor takes too long. */
    static final int MAX_WIDTH = 1001;

    // Encoded columns are floats: what they leave unexplained below this is rounding.
    private static final double RANK_TOLERANCE = 1e-5;

    /**
     * What was fitted.
     *
     * @param beta the intercept last
     * @param variances diagonal of {@code (X'X)^-1} over the columns that are not left out, the intercept last; 0 for those
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Solution(double[] beta, double[] variances, boolean[] isLeftOut) {
        int rank() {
            int rank = 0;
            for (boolean leftOut : isLeftOut) {
                rank += leftOut ? 0 : 1;
            }
            return rank;
        }
    }

    private final DesignMatrix rows;
    private final double[] labels;
    private final double l2;
    private final BooleanSupplier isCancelled;
    private final int width;

    /** Minimises {@code |y - X b|^2 + l2 * |b|^2}. */
    LeastSquares(DesignMatrix rows, double[] labels, double l2, BooleanSupplier isCancelled) {
        this.rows = rows;
        this.labels = labels;
        this.l2 = l2;
        this.isCancelled = isCancelled;
        this.width = rows.width;
    }

    Solution solve() {
        double[][] factor = factor();
        // Columns of the factor in place of those of the matrix: they have the same lengths and angles.
        double[][] basis = new double[width][];
        double[][] triangle = new double[width][width];
        int[] kept = new int[width];
        boolean[] isLeftOut = new boolean[width];
        int rank = 0;
        for (int column = 0; column < width; column++) {
            check();
            double[] rest = column(factor, column);
            double length = length(rest);
            double[] shares = new double[rank];
            project(rest, basis, rank, shares);
            project(rest, basis, rank, shares);
            double left = length(rest);
            if (!(left > RANK_TOLERANCE * length)) {
                isLeftOut[place(column)] = true;
                continue;
            }
            for (int i = 0; i < rank; i++) {
                triangle[i][rank] = shares[i];
            }
            triangle[rank][rank] = left;
            basis[rank] = scaled(rest, 1 / left);
            kept[rank++] = column;
        }
        return solved(factor, basis, triangle, kept, rank, isLeftOut);
    }

    /** The factor has the intercept first, so that categories are compared with one of them; coefficients have it last. */
    private int place(int column) {
        return column == 0 ? width - 1 : column - 1;
    }

    private double[][] factor() {
        TriangularFactor factor = new TriangularFactor(width + 1, this::check);
        for (int row = 0; row < rows.rowCount; row++) {
            double[] target = factor.nextRow();
            rows.copyTo(row, target, 1);
            target[0] = 1;
            target[width] = labels[row];
        }
        for (int column = 1; column < width && l2 > 0; column++) {
            factor.nextRow()[column] = Math.sqrt(l2);
        }
        return factor.factor();
    }

    private void check() {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while fitting");
        }
    }

    private Solution solved(
            double[][] factor, double[][] basis, double[][] triangle, int[] kept, int rank, boolean[] isLeftOut) {
        double[] label = column(factor, width);
        double[] shares = new double[rank];
        project(label, basis, rank, shares);
        double[] beta = new double[width];
        double[] variances = new double[width];
        for (int i = rank - 1; i >= 0; i--) {
            double value = shares[i];
            for (int j = i + 1; j < rank; j++) {
                value -= triangle[i][j] * beta[place(kept[j])];
            }
            beta[place(kept[i])] = value / triangle[i][i];
        }
        for (int unit = 0; unit < rank; unit++) {
            check();
            double[] inverse = inverseColumn(triangle, unit);
            for (int i = 0; i <= unit; i++) {
                variances[place(kept[i])] += inverse[i] * inverse[i];
            }
        }
        return new Solution(beta, variances, isLeftOut);
    }

    /** Returns column {@code unit} of the inverse of the triangle; zeros below it. */
    private static double[] inverseColumn(double[][] triangle, int unit) {
        double[] inverse = new double[unit + 1];
        inverse[unit] = 1 / triangle[unit][unit];
        for (int i = unit - 1; i >= 0; i--) {
            double sum = 0;
            for (int j = i + 1; j <= unit; j++) {
                sum += triangle[i][j] * inverse[j];
            }
            inverse[i] = -sum / triangle[i][i];
        }
        return inverse;
    }

    private static double[] column(double[][] matrix, int column) {
        return Arrays.stream(matrix).mapToDouble(row -> row[column]).toArray();
    }

    /** Takes what lies along the basis out of a vector and adds it to the shares. */
    private static void project(double[] vector, double[][] basis, int rank, double[] shares) {
        for (int i = 0; i < rank; i++) {
            double share = 0;
            for (int j = 0; j < vector.length; j++) {
                share += basis[i][j] * vector[j];
            }
            shares[i] += share;
            for (int j = 0; j < vector.length; j++) {
                vector[j] -= share * basis[i][j];
            }
        }
    }

    private static double length(double[] vector) {
        return Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    }

    private static double[] scaled(double[] vector, double factor) {
        return Arrays.stream(vector).map(x -> x * factor).toArray();
    }
}
