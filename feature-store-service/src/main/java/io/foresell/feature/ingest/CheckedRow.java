package io.foresell.feature.ingest;

import io.foresell.feature.history.HistoryRow;
import io.foresell.feature.history.PendingRow;
import java.util.List;

/** A row that a view accepts by itself; the rows its entity has may still speak against it. */
final class CheckedRow extends PendingRow {
    private final SourceRow source;
    private final List<ColumnReader> fillsLast;
    private final List<String> cleaned;

    /**
     * Makes a row.
     *
     * @param fillsLast the columns whose value is missing and to be repeated from the entity's last one
     * @param cleaned one entry "column: rule" for each value changed; filling adds to it
     */
    CheckedRow(String entityKey, HistoryRow row, SourceRow source, List<ColumnReader> fillsLast, List<String> cleaned) {
        super(entityKey, row);
        this.source = source;
        this.fillsLast = fillsLast;
        this.cleaned = cleaned;
    }

    SourceRow source() {
        return source;
    }

    List<ColumnReader> fillsLast() {
        return fillsLast;
    }

    List<String> cleaned() {
        return cleaned;
    }
}
