package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.ColumnSink;
import io.foresell.model.graph.Preprocessing;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Encoded training rows without their zeros; a missing number is the mean of its column. Immutable once made. */
final class EncodedRows {
    private static final int CHUNK_ROWS = 256;
    /** Most values that are not 0: 3.2 GB. */
    private static final int MAX_VALUES = 400_000_000;

    final int rowCount;
    final int width;
    /** Where each row starts in the two arrays below. */
    final int[] starts;

    int[] columns;
    float[] values;

    EncodedRows(Preprocessing preprocessing, Rows rows, BooleanSupplier isCancelled) {
        this.rowCount = rows.rowCount();
        this.width = preprocessing.encodedWidth();
        this.starts = new int[rowCount + 1];
        this.columns = new int[Math.max(1024, rowCount)];
        this.values = new float[columns.length];
        Rest rest = new Rest();
        for (int from = 0; from < rowCount; from += CHUNK_ROWS) {
            requireWanted(isCancelled);
            preprocessing.encodeSparse(rows, from, Math.min(rowCount, from + CHUNK_ROWS), rest);
        }
        fillMissing();
    }

    /** Puts rows behind each other. */
    private final class Rest implements ColumnSink {
        private int size;
        private int row;

        @Override
        public void add(int column, float value) {
            if (size == columns.length) {
                grow(size);
            }
            columns[size] = column;
            values[size++] = value;
        }

        @Override
        public void endRow() {
            starts[++row] = size;
        }
    }

    static void requireWanted(BooleanSupplier isCancelled) {
        if (isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while preparing");
        }
    }

    static Rows slice(Rows rows, int from, int until) {
        int numbers = rows.numbers().length / rows.rowCount();
        int texts = rows.texts().length / rows.rowCount();
        return new Rows(
                until - from,
                Arrays.copyOfRange(rows.numbers(), from * numbers, until * numbers),
                Arrays.copyOfRange(rows.texts(), from * texts, until * texts));
    }

    private void grow(int size) {
        if (size >= MAX_VALUES) {
            throw new ServiceException(Failure.precondition(
                    "PREPARE_TOO_LARGE",
                    "encoded values of %d rows and %d columns: more than %d that are not 0 (expected: fewer columns)"
                            .formatted(rowCount, width, MAX_VALUES)));
        }
        columns = Arrays.copyOf(columns, (int) Math.min(MAX_VALUES, size + size / 2L));
        values = Arrays.copyOf(values, columns.length);
    }

    private void fillMissing() {
        double[] sums = new double[width];
        int[] missing = new int[width];
        for (int i = 0; i < starts[rowCount]; i++) {
            if (Float.isNaN(values[i])) {
                missing[columns[i]]++;
            } else {
                sums[columns[i]] += values[i];
            }
        }
        for (int i = 0; i < starts[rowCount]; i++) {
            if (Float.isNaN(values[i])) {
                values[i] = (float) (sums[columns[i]] / Math.max(1, rowCount - missing[columns[i]]));
            }
        }
    }

    /** Returns the mean of every column. */
    double[] means() {
        double[] means = new double[width];
        for (int i = 0; i < starts[rowCount]; i++) {
            means[columns[i]] += values[i];
        }
        for (int column = 0; column < width; column++) {
            means[column] /= rowCount;
        }
        return means;
    }

    /** Returns the population variance of every column; rounding noise counts as none. */
    double[] variances(double[] means) {
        double[] squares = new double[width];
        int[] others = new int[width];
        for (int i = 0; i < starts[rowCount]; i++) {
            double difference = values[i] - means[columns[i]];
            squares[columns[i]] += difference * difference;
            others[columns[i]]++;
        }
        for (int column = 0; column < width; column++) {
            squares[column] += (rowCount - others[column]) * means[column] * means[column];
            squares[column] /= rowCount;
            squares[column] = squares[column] > 1e-13 * means[column] * means[column] ? squares[column] : 0;
        }
        return squares;
    }

    /** Returns the least value of every column, at most 0. */
    float[] leasts() {
        float[] leasts = new float[width];
        for (int i = 0; i < starts[rowCount]; i++) {
            leasts[columns[i]] = Math.min(leasts[columns[i]], values[i]);
        }
        return leasts;
    }
}
