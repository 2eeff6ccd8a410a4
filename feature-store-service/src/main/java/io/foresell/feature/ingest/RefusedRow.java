package io.foresell.feature.ingest;

import io.foresell.feature.history.RowRefusal;

/** Ends the reading of a row that goes to quarantine. Without a stack trace: dirty sources throw many. */
final class RefusedRow extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient RowRefusal refusal;

    RefusedRow(RowRefusal refusal) {
        super(refusal.reason(), null, false, false);
        this.refusal = refusal;
    }

    RefusedRow(String column, String reason, String value, String expected) {
        this(RowRefusal.of(column, reason, value, expected));
    }

    RowRefusal refusal() {
        return refusal;
    }
}
