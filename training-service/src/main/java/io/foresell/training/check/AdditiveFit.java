package io.foresell.training.check;

import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/** A small dense logistic regression with a light ridge, by a fixed number of Newton steps. */
final class AdditiveFit {
    private static final int STEPS = 8;
    private static final double RIDGE = 1;
    private static final double MOST_LOG_ODDS = 30;

    private AdditiveFit() {}

    /** Returns one weight per column. */
    static double[] weights(double[][] rows, boolean[] labels) {
        int width = rows[0].length;
        double[] weights = new double[width];
        for (int step = 0; step < STEPS; step++) {
            double[][] hessian = new double[width][width];
            double[] gradient = new double[width];
            for (int row = 0; row < rows.length; row++) {
                add(rows[row], labels[row], weights, hessian, gradient);
            }
            for (int i = 0; i < width; i++) {
                gradient[i] -= RIDGE * weights[i];
                hessian[i][i] += RIDGE;
                for (int j = 0; j < i; j++) {
                    hessian[j][i] = hessian[i][j];
                }
            }
            double[] move = new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false))
                    .getSolver()
                    .solve(new ArrayRealVector(gradient, false))
                    .toArray();
            for (int i = 0; i < width; i++) {
                weights[i] += move[i];
            }
        }
        return weights;
    }

    private static void add(double[] row, boolean label, double[] weights, double[][] hessian, double[] gradient) {
        double z = Math.max(-MOST_LOG_ODDS, Math.min(MOST_LOG_ODDS, dot(weights, row)));
        double p = 1 / (1 + Math.exp(-z));
        double factor = p * (1 - p);
        for (int i = 0; i < row.length; i++) {
            gradient[i] += ((label ? 1 : 0) - p) * row[i];
            double scaled = factor * row[i];
            for (int j = 0; j <= i; j++) {
                hessian[i][j] += scaled * row[j];
            }
        }
    }

    static double dot(double[] weights, double[] row) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += weights[i] * row[i];
        }
        return sum;
    }
}
