package io.foresell.model;

/**
 * Rows as flat row-major arrays in the order of a {@link Signature}. The arrays are not copied: the caller must not
 * change them while they are scored. A missing number is NaN, a missing text is empty; texts are never null.
 */
public final class Rows {
    private final int rowCount;
    private final float[] numbers;
    private final String[] texts;

    /**
     * Wraps the arrays.
     *
     * @param numbers shape [rowCount, numberWidth]
     * @param texts shape [rowCount, textWidth]
     */
    @SuppressWarnings("ArrayRecordComponent")
    public Rows(int rowCount, float[] numbers, String[] texts) {
        if (rowCount < 0 || !isMultiple(numbers.length, rowCount) || !isMultiple(texts.length, rowCount)) {
            throw new IllegalArgumentException("row_count: %d with %d numbers and %d texts (expected: full rows)"
                    .formatted(rowCount, numbers.length, texts.length));
        }
        this.rowCount = rowCount;
        this.numbers = numbers;
        this.texts = texts;
    }

    private static boolean isMultiple(int length, int rowCount) {
        return rowCount == 0 ? length == 0 : length % rowCount == 0;
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return rowCount;
    }

    /** Returns the numbers themselves, not a copy. */
    public float[] numbers() {
        return numbers;
    }

    /** Returns the texts themselves, not a copy. */
    public String[] texts() {
        return texts;
    }

    /**
     * Checks that the rows have the width of a signature.
     *
     * @throws IllegalArgumentException stating both widths when they do not
     */
    public void requireShape(Signature signature) {
        if (numbers.length != rowCount * signature.numberWidth() || texts.length != rowCount * signature.textWidth()) {
            throw new IllegalArgumentException(
                    "rows: %d with %d numbers and %d texts (expected: %d numbers and %d texts a row)"
                            .formatted(
                                    rowCount,
                                    numbers.length,
                                    texts.length,
                                    signature.numberWidth(),
                                    signature.textWidth()));
        }
    }
}
