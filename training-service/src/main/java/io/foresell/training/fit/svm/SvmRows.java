package io.foresell.training.fit.svm;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.RowChunks;

/** Encoded rows, column by column, so that one row meets all others in loops without gaps. Immutable. */
final class SvmRows {
    private static final int CHUNK_ROWS = 1024;

    final int rowCount;
    final int width;
    private final float[][] columns;

    SvmRows(Preprocessing preprocessing, Rows rows) {
        this.rowCount = rows.rowCount();
        this.width = preprocessing.encodedWidth();
        this.columns = new float[width][rowCount];
        for (int from = 0; from < rowCount; from += CHUNK_ROWS) {
            int until = Math.min(rowCount, from + CHUNK_ROWS);
            float[] encoded = preprocessing.encode(RowChunks.slice(rows, from, until));
            for (int column = 0; column < width; column++) {
                for (int row = from; row < until; row++) {
                    columns[column][row] = encoded[(row - from) * width + column];
                }
            }
        }
    }

    /** Returns a row. */
    double[] row(int row) {
        double[] values = new double[width];
        for (int column = 0; column < width; column++) {
            values[column] = columns[column][row];
        }
        return values;
    }

    /** Returns each row's square of its length. */
    float[] squares() {
        float[] squares = new float[rowCount];
        for (float[] column : columns) {
            for (int row = 0; row < rowCount; row++) {
                squares[row] += column[row] * column[row];
            }
        }
        return squares;
    }

    /** Sets {@code products} to the products of a row with all rows. */
    void products(int row, float[] products) {
        java.util.Arrays.fill(products, 0);
        for (float[] column : columns) {
            float x = column[row];
            if (x != 0) {
                for (int i = 0; i < products.length; i++) {
                    products[i] += x * column[i];
                }
            }
        }
    }

    /** Sets {@code products} to each row's product with a vector; the vector's last number is added to all. */
    void times(double[] vector, double[] products) {
        java.util.Arrays.fill(products, vector[width]);
        for (int column = 0; column < width; column++) {
            double x = vector[column];
            float[] values = columns[column];
            for (int row = 0; row < rowCount; row++) {
                products[row] += x * values[row];
            }
        }
    }

    /** Returns the sum of the rows times their factors; last the sum of the factors. */
    double[] weighted(double[] factors) {
        double[] sums = new double[width + 1];
        for (int column = 0; column < width; column++) {
            float[] values = columns[column];
            double sum = 0;
            for (int row = 0; row < rowCount; row++) {
                sum += factors[row] * values[row];
            }
            sums[column] = sum;
        }
        for (double factor : factors) {
            sums[width] += factor;
        }
        return sums;
    }

    /** Returns the sum of the squares of the rows' values times their factors; last the sum of the factors. */
    double[] weightedSquares(double[] factors) {
        double[] sums = new double[width + 1];
        for (int column = 0; column < width; column++) {
            float[] values = columns[column];
            for (int row = 0; row < rowCount; row++) {
                sums[column] += factors[row] * values[row] * values[row];
            }
        }
        for (double factor : factors) {
            sums[width] += factor;
        }
        return sums;
    }

    /** Returns the variance of all values together. */
    double variance() {
        double sum = 0;
        double squares = 0;
        for (float[] column : columns) {
            for (float value : column) {
                sum += value;
                squares += (double) value * value;
            }
        }
        double count = (double) rowCount * width;
        double mean = sum / count;
        return Math.max(0, squares / count - mean * mean);
    }
}
