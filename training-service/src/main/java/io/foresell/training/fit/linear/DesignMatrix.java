package io.foresell.training.fit.linear;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.RowChunks;
import java.util.Arrays;

/** Encoded rows without their zeros, with a last column of ones for the intercept. Immutable. */
final class DesignMatrix {
    private static final int CHUNK_ROWS = 1024;

    final int rowCount;
    /** Number of columns, intercept included. */
    final int width;

    private final int[] starts;
    private int[] columns;
    private float[] values;

    DesignMatrix(Preprocessing preprocessing, Rows rows) {
        this.rowCount = rows.rowCount();
        this.width = preprocessing.encodedWidth() + 1;
        this.starts = new int[rowCount + 1];
        this.columns = new int[rowCount * 8];
        this.values = new float[rowCount * 8];
        for (int from = 0; from < rowCount; from += CHUNK_ROWS) {
            int until = Math.min(rowCount, from + CHUNK_ROWS);
            append(preprocessing.encode(RowChunks.slice(rows, from, until)), from, until);
        }
    }

    private void append(float[] encoded, int from, int until) {
        int encodedWidth = width - 1;
        int size = starts[from];
        for (int row = from; row < until; row++) {
            if (size + width > columns.length) {
                int length = Math.addExact(Math.max(columns.length, width), columns.length / 2 + width);
                columns = Arrays.copyOf(columns, length);
                values = Arrays.copyOf(values, length);
            }
            for (int column = 0; column < encodedWidth; column++) {
                float value = encoded[(row - from) * encodedWidth + column];
                if (value != 0) {
                    columns[size] = column;
                    values[size++] = value;
                }
            }
            columns[size] = encodedWidth;
            values[size++] = 1;
            starts[row + 1] = size;
        }
    }

    /** Returns the product of a row with a vector of length {@link #width}. */
    double dot(int row, double[] vector) {
        double sum = 0;
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            sum += values[i] * vector[columns[i]];
        }
        return sum;
    }

    /** Adds {@code factor} times a row to a vector. */
    void addTo(int row, double factor, double[] vector) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            vector[columns[i]] += factor * values[i];
        }
    }

    /** Adds {@code factor} times the squares of a row to a vector. */
    void addSquaresTo(int row, double factor, double[] vector) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            vector[columns[i]] += factor * values[i] * values[i];
        }
    }

    /** Adds {@code factor} times the outer product of a row with itself to the lower triangle of a matrix. */
    void addOuterTo(int row, double factor, double[][] matrix) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            double scaled = factor * values[i];
            double[] target = matrix[columns[i]];
            // Columns of a row are in ascending order.
            for (int j = starts[row]; j <= i; j++) {
                target[columns[j]] += scaled * values[j];
            }
        }
    }
}
