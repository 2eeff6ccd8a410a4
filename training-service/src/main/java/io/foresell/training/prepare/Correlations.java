package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Correlations of encoded columns with each other and with the labels: all that a linear model on standardised columns needs. */
final class Correlations {
    /** Most columns: 32 MB of them with each other. */
    static final int MAX_WIDTH = 2000;

    private static final int ROWS_BETWEEN_CHECKS = 256;

    final int width;
    final double[] means;
    final double[] deviations;
    /** Symmetric, shape [width][width]; rows and columns of constant columns are 0. */
    final double[][] between;
    /** Shape [labels][width]: correlations times the deviation of the label. */
    final double[][] withLabels;

    /**
     * Reads some rows.
     *
     * @param wanted which rows count
     * @param labels shape [labels][rows]
     */
    Correlations(EncodedRows rows, int[] wanted, double[][] labels, BooleanSupplier isCancelled) {
        if (rows.width > MAX_WIDTH) {
            throw new ServiceException(Failure.precondition(
                    "SELECTION_TOO_WIDE",
                    "encoded columns: %d (expected: at most %d; select by f_test, chi_square or mutual_information first)"
                            .formatted(rows.width, MAX_WIDTH)));
        }
        this.width = rows.width;
        this.means = new double[width];
        this.deviations = new double[width];
        this.between = new double[width][width];
        this.withLabels = new double[labels.length][width];
        double[] labelMeans = new double[labels.length];
        Arrays.setAll(labelMeans, i -> mean(labels[i], wanted));
        for (int at = 0; at < wanted.length; at++) {
            if (at % ROWS_BETWEEN_CHECKS == 0) {
                EncodedRows.requireWanted(isCancelled);
            }
            add(rows, wanted[at], labels, labelMeans);
        }
        standardize(wanted.length);
    }

    private static double mean(double[] label, int[] wanted) {
        double sum = 0;
        for (int row : wanted) {
            sum += label[row];
        }
        return sum / Math.max(1, wanted.length);
    }

    private void add(EncodedRows rows, int row, double[][] labels, double[] labelMeans) {
        for (int i = rows.starts[row]; i < rows.starts[row + 1]; i++) {
            int column = rows.columns[i];
            double value = rows.values[i];
            means[column] += value;
            for (int j = rows.starts[row]; j <= i; j++) {
                between[column][rows.columns[j]] += value * rows.values[j];
            }
            for (int k = 0; k < labels.length; k++) {
                withLabels[k][column] += value * (labels[k][row] - labelMeans[k]);
            }
        }
    }

    private void standardize(int rowCount) {
        for (int column = 0; column < width; column++) {
            means[column] /= rowCount;
        }
        for (int column = 0; column < width; column++) {
            double variance = between[column][column] / rowCount - means[column] * means[column];
            deviations[column] = variance > 1e-12 * means[column] * means[column] ? Math.sqrt(variance) : 0;
        }
        for (int i = 0; i < width; i++) {
            for (double[] label : withLabels) {
                label[i] = deviations[i] == 0 ? 0 : label[i] / rowCount / deviations[i];
            }
            for (int j = 0; j <= i; j++) {
                double covariance = between[i][j] / rowCount - means[i] * means[j];
                double scale = deviations[i] * deviations[j];
                between[i][j] = scale == 0 ? 0 : covariance / scale;
                between[j][i] = between[i][j];
            }
        }
    }

    /** Returns the places 0 .. count - 1. */
    static int[] all(int count) {
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return all;
    }
}
