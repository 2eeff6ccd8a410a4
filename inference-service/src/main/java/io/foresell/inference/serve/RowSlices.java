package io.foresell.inference.serve;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;

/** Parts of rows, for models whose answers to all rows would not be held at once. */
public final class RowSlices {
    private RowSlices() {}

    /** Returns {@code count} rows from {@code first} on: the rows themselves when these are all, else a copy. */
    public static Rows of(Rows rows, Signature signature, int first, int count) {
        if (count == rows.rowCount()) {
            return rows;
        }
        int numberWidth = signature.numberWidth();
        int textWidth = signature.textWidth();
        return new Rows(
                count,
                Arrays.copyOfRange(rows.numbers(), first * numberWidth, (first + count) * numberWidth),
                Arrays.copyOfRange(rows.texts(), first * textWidth, (first + count) * textWidth));
    }
}
