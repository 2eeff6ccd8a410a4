package io.foresell.feature.ingest;

import io.foresell.feature.define.ColumnDefinition;
import io.foresell.feature.define.Layout;
import io.foresell.feature.define.RowView;
import io.foresell.feature.define.TypedText;
import io.foresell.feature.define.UnreadableText;
import io.foresell.feature.history.HistoryRow;
import io.foresell.feature.history.RowRefusal;
import io.foresell.feature.history.SlotValues;
import java.util.ArrayList;
import java.util.List;

/** Turns source rows into rows of one view. Immutable. */
final class RowReader {
    private static final int MAX_KEY_LENGTH = 256;

    private final SourceHeader header;
    private final RowView view;
    private final int slotCount;
    private final int keyCell;
    private final int eventTimeCell;
    private final int eventIdCell;
    private final int knownTimeCell;
    private final List<ColumnReader> columns = new ArrayList<>();

    RowReader(SourceHeader header, RowView view, Layout layout) {
        this.header = header;
        this.view = view;
        slotCount = layout.slots().size();
        keyCell = cell(view.entityKeyColumn());
        eventTimeCell = cell(view.eventTimeColumn());
        eventIdCell = cell(view.eventIdColumn());
        knownTimeCell = cell(view.knownTime().column());
        for (ColumnDefinition column : view.columns()) {
            columns.add(new ColumnReader(column, cell(column.name()), layout.position(column.name())));
        }
    }

    /** Returns a column's place in the source; -1 for the empty name. */
    private int cell(String column) {
        return column.isEmpty() ? -1 : header.columns().indexOf(column);
    }

    /** Returns the layout places of the view's columns. */
    List<Integer> slots() {
        return columns.stream().map(ColumnReader::slot).toList();
    }

    /**
     * Reads one row.
     *
     * @param receivedMillis the instant of ingest
     */
    CheckedRow read(SourceRow source, long receivedMillis) throws RefusedRow {
        int expected = header.columns().size();
        if (source.values().size() != expected) {
            throw new RefusedRow(new RowRefusal(
                    "",
                    "ROW_LENGTH",
                    "row: %d values (expected: %d)".formatted(source.values().size(), expected)));
        }
        String key = id(source, keyCell, view.entityKeyColumn(), "KEY");
        String eventId = eventIdCell < 0 ? null : id(source, eventIdCell, view.eventIdColumn(), "EVENT_ID");
        long eventMillis = eventTimeCell < 0 ? receivedMillis : time(source, eventTimeCell, view.eventTimeColumn());
        long knownMillis = knownMillis(source, eventMillis, receivedMillis);
        SlotValues values = new SlotValues(slotCount);
        List<ColumnReader> fillsLast = new ArrayList<>(0);
        List<String> cleaned = new ArrayList<>(0);
        for (ColumnReader column : columns) {
            if (column.read(source, values, cleaned)) {
                fillsLast.add(column);
            }
        }
        HistoryRow row =
                HistoryRow.of(eventId, header.batchId(), source.lineNumber(), eventMillis, knownMillis, values);
        return new CheckedRow(key, row, source, fillsLast, cleaned);
    }

    private long knownMillis(SourceRow source, long eventMillis, long receivedMillis) throws RefusedRow {
        return switch (view.knownTime().rule()) {
            case INGEST -> receivedMillis;
            case EVENT_TIME -> eventMillis + view.knownTime().delay().toMillis();
            case COLUMN -> {
                String column = view.knownTime().column();
                long knownMillis = time(source, knownTimeCell, column);
                if (knownMillis > receivedMillis) {
                    throw new RefusedRow(
                            column, "KNOWN_TIME_IN_FUTURE", source.values().get(knownTimeCell), "now or earlier");
                }
                yield knownMillis;
            }
        };
    }

    private static String id(SourceRow source, int cell, String column, String what) throws RefusedRow {
        String text = source.values().get(cell).strip();
        if (text.isEmpty()) {
            throw new RefusedRow(column, what + "_MISSING", "", "1 to %d characters".formatted(MAX_KEY_LENGTH));
        }
        if (text.length() > MAX_KEY_LENGTH) {
            throw new RefusedRow(new RowRefusal(
                    column,
                    what + "_TOO_LONG",
                    "%s: %d characters (expected: 1 to %d)".formatted(column, text.length(), MAX_KEY_LENGTH)));
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw new RefusedRow(column, what + "_INVALID", text, "no control characters");
            }
        }
        return text;
    }

    private static long time(SourceRow source, int cell, String column) throws RefusedRow {
        String text = source.values().get(cell).strip();
        if (text.isEmpty()) {
            throw new RefusedRow(column, "TIME_MISSING", "", TypedText.TIME_EXPECTED);
        }
        try {
            return TypedText.millis(text);
        } catch (UnreadableText e) {
            throw new RefusedRow(column, "TIME_INVALID", text, e.expected());
        }
    }
}
