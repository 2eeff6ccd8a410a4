package io.foresell.feature.history;

import org.jspecify.annotations.Nullable;

/** A row on its way into history, and what became of it. Not thread-safe; owned by one ingest call. */
public class PendingRow {
    /** What became of a row. */
    public enum Outcome {
        WAITING,
        STORED,
        DUPLICATE,
        REFUSED
    }

    private final String entityKey;
    private HistoryRow row;
    private Outcome outcome = Outcome.WAITING;
    private @Nullable RowRefusal refusal;

    public PendingRow(String entityKey, HistoryRow row) {
        this.entityKey = entityKey;
        this.row = row;
    }

    public String entityKey() {
        return entityKey;
    }

    public HistoryRow row() {
        return row;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Returns why the row was refused, null when it was not. */
    public @Nullable RowRefusal refusal() {
        return refusal;
    }

    void number(long sequence) {
        row = row.withSequence(sequence);
    }

    void resolve(Outcome result) {
        outcome = result;
        refusal = null;
    }

    void refuse(RowRefusal reason) {
        outcome = Outcome.REFUSED;
        refusal = reason;
    }
}
