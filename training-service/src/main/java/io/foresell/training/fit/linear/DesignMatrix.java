package io.foresell.training.fit.linear;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.RowChunks;
import java.util.Arrays;

/** Encoded rows without their zeros, with a last column of ones for the intercept. Immutable. */
final class DesignMatrix {
    private static final int MAX_CHUNK_ROWS = 1024;
    // Encoded rows are dense while they are read: 16 MB.
    private static final int MAX_CHUNK_VALUES = 1 << 22;

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
        int chunkRows = Math.max(1, Math.min(MAX_CHUNK_ROWS, MAX_CHUNK_VALUES / width));
        for (int from = 0; from < rowCount; from += chunkRows) {
            int until = Math.min(rowCount, from + chunkRows);
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

    /** Returns the product of the absolute values of a row and of a vector: what rounding errors of the product grow with. */
    double absoluteDot(int row, double[] vector) {
        double sum = 0;
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            sum += Math.abs(values[i] * vector[columns[i]]);
        }
        return sum;
    }

    /**
     * Adds the products of a row with several vectors.
     *
     * @param vectors shape [width, outputs]
     * @param sums shape [outputs]
     */
    void addProducts(int row, double[] vectors, double[] sums) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            double value = values[i];
            int at = columns[i] * sums.length;
            for (int k = 0; k < sums.length; k++) {
                sums[k] += value * vectors[at + k];
            }
        }
    }

    /**
     * Adds a row times several factors to as many vectors.
     *
     * @param factors shape [outputs]
     * @param vectors shape [width, outputs]
     */
    void addProductsTo(int row, double[] factors, double[] vectors) {
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            double value = values[i];
            int at = columns[i] * factors.length;
            for (int k = 0; k < factors.length; k++) {
                vectors[at + k] += value * factors[k];
            }
        }
    }

    /** Writes a row with its zeros. */
    void copyTo(int row, double[] target, int at) {
        Arrays.fill(target, at, at + width, 0);
        for (int i = starts[row]; i < starts[row + 1]; i++) {
            target[at + columns[i]] = values[i];
        }
    }

    /** Returns the same values by columns. */
    ColumnMatrix byColumns() {
        int[] columnStarts = new int[width + 1];
        int size = starts[rowCount];
        for (int i = 0; i < size; i++) {
            columnStarts[columns[i] + 1]++;
        }
        for (int column = 0; column < width; column++) {
            columnStarts[column + 1] += columnStarts[column];
        }
        int[] rowIndexes = new int[size];
        float[] transposed = new float[size];
        int[] next = columnStarts.clone();
        for (int row = 0; row < rowCount; row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                int place = next[columns[i]]++;
                rowIndexes[place] = row;
                transposed[place] = values[i];
            }
        }
        return new ColumnMatrix(rowCount, columnStarts, rowIndexes, transposed);
    }
}
