package io.foresell.training.prepare;

import java.util.List;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/** Least squares on standardised columns with an L2 penalty. */
final class Ridge {
    private Ridge() {}

    /**
     * Returns the weights of some columns that minimise {@code |y - X w|^2 / n + penalty * |w|^2}.
     *
     * @param columns indexes of columns that are not constant
     * @param label correlations with the label times its deviation, by column
     * @param penalty above 0
     */
    static double[] solve(Correlations correlations, List<Integer> columns, double[] label, double penalty) {
        int width = columns.size();
        if (width == 0) {
            return new double[0];
        }
        double[][] matrix = new double[width][width];
        double[] right = new double[width];
        for (int i = 0; i < width; i++) {
            right[i] = label[columns.get(i)];
            for (int j = 0; j < width; j++) {
                matrix[i][j] = correlations.between[columns.get(i)][columns.get(j)];
            }
            matrix[i][i] += Math.max(penalty, 1e-9);
        }
        return new CholeskyDecomposition(new Array2DRowRealMatrix(matrix, false), 1e-9, 0)
                .getSolver()
                .solve(new ArrayRealVector(right, false))
                .toArray();
    }
}
