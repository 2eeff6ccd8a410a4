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
}
