package io.foresell.model.scorer;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;

/** A few rows of the training data that explanations compare others with. Immutable. */
public final class SampleRows {
    /** Most rows. */
    public static final int MAX_ROWS = 256;

    /** No rows. */
    public static final SampleRows NONE = new SampleRows(new Rows(0, new float[0], new String[0]));

    private final int rowCount;
    private final float[] numbers;
    private final String[] texts;

    private SampleRows(Rows rows) {
        this.rowCount = rows.rowCount();
        this.numbers = rows.numbers().clone();
        this.texts = rows.texts().clone();
    }

    /**
     * Copies the rows.
     *
     * @throws IllegalArgumentException when there are more than {@link #MAX_ROWS}
     */
    public static SampleRows of(Rows rows) {
        if (rows.rowCount() > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "sample_rows: %d (expected: at most %d)".formatted(rows.rowCount(), MAX_ROWS));
        }
        return rows.rowCount() == 0 ? NONE : new SampleRows(rows);
    }

    /** Copies {@code count} rows at even distances; all when there are fewer. */
    public static SampleRows evenly(Signature signature, Rows rows, int count) {
        rows.requireShape(signature);
        int taken = Math.min(count, rows.rowCount());
        float[] numbers = new float[taken * signature.numberWidth()];
        String[] texts = new String[taken * signature.textWidth()];
        for (int i = 0; i < taken; i++) {
            int row = (int) ((long) i * rows.rowCount() / taken);
            copy(rows.numbers(), row, numbers, i, signature.numberWidth());
            copy(rows.texts(), row, texts, i, signature.textWidth());
        }
        return of(new Rows(taken, numbers, texts));
    }

    @SuppressWarnings("SuspiciousSystemArraycopy")
    private static void copy(Object from, int row, Object to, int place, int width) {
        System.arraycopy(from, row * width, to, place * width, width);
    }

    /** Returns how many. */
    public int rowCount() {
        return rowCount;
    }

    /** Returns a copy of the rows. */
    public Rows rows() {
        return new Rows(rowCount, numbers.clone(), texts.clone());
    }

    /** Checks the widths; throws IllegalArgumentException when they differ from the signature's. */
    void requireShape(Signature signature) {
        new Rows(rowCount, numbers, texts).requireShape(signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SampleRows that
                && rowCount == that.rowCount
                && Arrays.equals(numbers, that.numbers)
                && Arrays.equals(texts, that.texts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(numbers) + Arrays.hashCode(texts);
    }

    @Override
    public String toString() {
        return rowCount + " rows";
    }
}
