package io.foresell.training.fit.linear;

import java.util.Arrays;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.RealMatrix;

/**
 * Standard errors of a logistic regression with an L2 penalty: the square roots of the diagonal of
 * {@code (I + P)^-1 I (I + P)^-1}, where I is the information of the rows and P the penalty's second derivative (le Cessie, van
 * Houwelingen: Ridge Estimators in Logistic Regression, 1992, section 3). With next to no penalty these are Wald's.
 */
final class WaldErrors {
    /** Above so many columns there are none: matrices would be large. */
    static final int MAX_WIDTH = 600;

    private WaldErrors() {}

    /** Returns one per coefficient, the intercept's last; all NaN where the matrix has no inverse. */
    static double[] of(DesignMatrix rows, float[] rowWeights, double[] beta, double c) {
        int width = rows.width;
        double[][] information = new double[width][width];
        for (int row = 0; row < rows.rowCount; row++) {
            double p = Sigmoid.of(rows.dot(row, beta));
            rows.addOuterTo(row, rowWeights[row] * Math.max(p * (1 - p), 1e-12), information);
        }
        double[][] penalized = new double[width][];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < i; j++) {
                information[j][i] = information[i][j];
            }
        }
        for (int i = 0; i < width; i++) {
            penalized[i] = information[i].clone();
            penalized[i][i] += i < width - 1 ? 1 / c : 0;
        }
        double[] errors = new double[width];
        try {
            RealMatrix inverse = new CholeskyDecomposition(new Array2DRowRealMatrix(penalized, false), 1e-6, 0)
                    .getSolver()
                    .getInverse();
            RealMatrix half = inverse.multiply(new Array2DRowRealMatrix(information, false));
            for (int i = 0; i < width; i++) {
                double variance = 0;
                for (int j = 0; j < width; j++) {
                    variance += half.getEntry(i, j) * inverse.getEntry(j, i);
                }
                errors[i] = Math.sqrt(Math.max(0, variance));
            }
        } catch (org.hipparchus.exception.MathRuntimeException e) {
            Arrays.fill(errors, Double.NaN);
        }
        return errors;
    }
}
