package io.foresell.training.fit.linear;

/** Encoded columns without their zeros; the last one is of ones. Takes ownership of the arrays and changes none. */
final class ColumnMatrix {
    final int rowCount;
    /** Number of columns, intercept included. */
    final int width;

    private final int[] starts;
    private final int[] rows;
    private final float[] values;

    ColumnMatrix(int rowCount, int[] starts, int[] rows, float[] values) {
        this.rowCount = rowCount;
        this.width = starts.length - 1;
        this.starts = starts;
        this.rows = rows;
        this.values = values;
    }

    double dot(int column, double[] vector) {
        double sum = 0;
        for (int i = starts[column]; i < starts[column + 1]; i++) {
            sum += values[i] * vector[rows[i]];
        }
        return sum;
    }

    void addTo(int column, double factor, double[] vector) {
        for (int i = starts[column]; i < starts[column + 1]; i++) {
            vector[rows[i]] += factor * values[i];
        }
    }

    double sum(int column) {
        double sum = 0;
        for (int i = starts[column]; i < starts[column + 1]; i++) {
            sum += values[i];
        }
        return sum;
    }

    double sumOfSquares(int column) {
        double sum = 0;
        for (int i = starts[column]; i < starts[column + 1]; i++) {
            sum += (double) values[i] * values[i];
        }
        return sum;
    }

    /**
     * Adds the products of a column with several vectors.
     *
     * @param vectors shape [rowCount, count]
     * @param target shape [width, count]
     */
    void addProductsTo(int column, double[] vectors, int count, double[] target) {
        int at = column * count;
        int end = starts[column + 1];
        int i = starts[column];
        for (; i + 1 < end; i += 2) {
            double first = values[i];
            double second = values[i + 1];
            int ofFirst = rows[i] * count;
            int ofSecond = rows[i + 1] * count;
            for (int k = 0; k < count; k++) {
                target[at + k] += first * vectors[ofFirst + k] + second * vectors[ofSecond + k];
            }
        }
        if (i < end) {
            double value = values[i];
            int of = rows[i] * count;
            for (int k = 0; k < count; k++) {
                target[at + k] += value * vectors[of + k];
            }
        }
    }

    /** Adds the products of a column's squares with several vectors; shapes as of {@link #addProductsTo}. */
    void addSquaredProductsTo(int column, double[] vectors, int count, double[] target) {
        int at = column * count;
        for (int i = starts[column]; i < starts[column + 1]; i++) {
            double square = (double) values[i] * values[i];
            int of = rows[i] * count;
            for (int k = 0; k < count; k++) {
                target[at + k] += square * vectors[of + k];
            }
        }
    }
}
