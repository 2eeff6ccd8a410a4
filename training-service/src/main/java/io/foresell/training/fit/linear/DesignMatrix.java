package io.foresell.training.fit.linear;

import io.foresell.model.Rows;
import io.foresell.model.graph.ColumnSink;
import io.foresell.model.graph.Preprocessing;
import java.util.Arrays;

/** Encoded rows without their zeros, with a last column of ones for the intercept. Immutable. */
final class DesignMatrix {
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
        this.columns = new int[1024];
        this.values = new float[1024];
        preprocessing.encodeSparse(rows, 0, rowCount, new Rest());
    }

    /** Puts rows behind each other. */
    private final class Rest implements ColumnSink {
        private int size;
        private int row;

        @Override
        public void add(int column, float value) {
            if (size == columns.length) {
                int length = Math.addExact(size, size / 2);
                columns = Arrays.copyOf(columns, length);
                values = Arrays.copyOf(values, length);
            }
            columns[size] = column;
            values[size++] = value;
        }

        @Override
        public void endRow() {
            add(width - 1, 1);
            starts[++row] = size;
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
     * Writes the products of a row with several vectors.
     *
     * @param vectors shape [width, count]
     * @param products where {@code count} numbers from {@code at} on are written
     */
    void products(int row, double[] vectors, int count, double[] products, int at) {
        Arrays.fill(products, at, at + count, 0);
        int end = starts[row + 1];
        int i = starts[row];
        // Two at a time: each sum is loaded and stored half as often.
        for (; i + 1 < end; i += 2) {
            double first = values[i];
            double second = values[i + 1];
            int ofFirst = columns[i] * count;
            int ofSecond = columns[i + 1] * count;
            for (int k = 0; k < count; k++) {
                products[at + k] += first * vectors[ofFirst + k] + second * vectors[ofSecond + k];
            }
        }
        if (i < end) {
            double value = values[i];
            int of = columns[i] * count;
            for (int k = 0; k < count; k++) {
                products[at + k] += value * vectors[of + k];
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
        return byColumns(0, rowCount);
    }

    /** Returns the values of the rows [from, until) by columns; rows are counted from {@code from}. */
    ColumnMatrix byColumns(int from, int until) {
        int[] columnStarts = new int[width + 1];
        for (int i = starts[from]; i < starts[until]; i++) {
            columnStarts[columns[i] + 1]++;
        }
        for (int column = 0; column < width; column++) {
            columnStarts[column + 1] += columnStarts[column];
        }
        int size = starts[until] - starts[from];
        int[] rowIndexes = new int[size];
        float[] transposed = new float[size];
        int[] next = columnStarts.clone();
        for (int row = from; row < until; row++) {
            for (int i = starts[row]; i < starts[row + 1]; i++) {
                int place = next[columns[i]]++;
                rowIndexes[place] = row - from;
                transposed[place] = values[i];
            }
        }
        return new ColumnMatrix(until - from, columnStarts, rowIndexes, transposed);
    }
}
