package io.foresell.training.fit;

import io.foresell.model.Rows;
import java.util.Arrays;

/** Cuts rows into chunks, so that what is made of them stays small. */
public final class RowChunks {
    private RowChunks() {}

    /** Returns the rows [from, until). */
    public static Rows slice(Rows rows, int from, int until) {
        int numbers = rows.numbers().length / rows.rowCount();
        int texts = rows.texts().length / rows.rowCount();
        return new Rows(
                until - from,
                Arrays.copyOfRange(rows.numbers(), from * numbers, until * numbers),
                Arrays.copyOfRange(rows.texts(), from * texts, until * texts));
    }
}
