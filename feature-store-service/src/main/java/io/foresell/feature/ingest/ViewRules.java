package io.foresell.feature.ingest;

import io.foresell.feature.define.KnownTimeRule;
import io.foresell.feature.define.RowView;
import io.foresell.feature.history.HistoryRow;
import io.foresell.feature.history.RowRefusal;
import io.foresell.feature.history.RowRules;
import io.foresell.feature.history.SlotValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a view asks of a row in the light of the rows its entity has: one row per instant and delivery, and the last values. */
final class ViewRules implements RowRules<CheckedRow> {
    private final RowView view;
    private final List<Integer> slots;

    ViewRules(RowView view, List<Integer> slots) {
        this.view = view;
        this.slots = slots;
    }

    private boolean hasKnownTimeColumn() {
        return view.knownTime().rule() == KnownTimeRule.COLUMN;
    }

    /** Instants of ingest and filled values differ when rows are sent again, so they do not count; nor do newer columns. */
    @Override
    public boolean isSame(HistoryRow stored, CheckedRow candidate) {
        HistoryRow row = candidate.row();
        if (!view.eventTimeColumn().isEmpty() && stored.eventMillis() != row.eventMillis()) {
            return false;
        }
        if (hasKnownTimeColumn() && stored.knownMillis() != row.knownMillis()) {
            return false;
        }
        SlotValues values = stored.values();
        for (int slot : slots) {
            boolean isFilled = candidate.fillsLast().stream().anyMatch(column -> column.slot() == slot);
            if (!isFilled && slot < values.slotCount() && !values.isSame(slot, row.values())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public @Nullable RowRefusal complete(CheckedRow candidate, List<HistoryRow> earlier) {
        if (view.isOneRowPerInstant()) {
            for (HistoryRow row : earlier) {
                if (isSameInstant(row, candidate.row())) {
                    return RowRefusal.of(
                            view.entityKeyColumn(),
                            "DUPLICATE_KEY",
                            candidate.entityKey(),
                            "one row per key%s in a delivery; the first is in line %d"
                                    .formatted(view.eventTimeColumn().isEmpty() ? "" : " and time", row.lineNumber()));
                }
            }
        }
        return fill(candidate, earlier);
    }

    private boolean isSameInstant(HistoryRow earlier, HistoryRow row) {
        if (!earlier.batchId().equals(row.batchId())) {
            return false;
        }
        boolean isSameEvent = view.eventTimeColumn().isEmpty() || earlier.eventMillis() == row.eventMillis();
        return isSameEvent && !(hasKnownTimeColumn() && earlier.knownMillis() != row.knownMillis());
    }

    private static @Nullable RowRefusal fill(CheckedRow candidate, List<HistoryRow> earlier) {
        SlotValues values = candidate.row().values();
        for (ColumnReader column : candidate.fillsLast()) {
            HistoryRow last = last(column.slot(), candidate.row(), earlier);
            candidate.cleaned().remove(column.name() + ": last");
            if (last != null) {
                values.copy(column.slot(), last.values());
                candidate.cleaned().add(column.name() + ": last");
            } else if (column.isRequired()) {
                return column.requiredMissing();
            }
        }
        return null;
    }

    /** Returns the newest row with a value that had happened and was known by then: filling must not look ahead. */
    private static @Nullable HistoryRow last(int slot, HistoryRow row, List<HistoryRow> earlier) {
        HistoryRow last = null;
        for (HistoryRow candidate : earlier) {
            boolean isBefore =
                    candidate.eventMillis() <= row.eventMillis() && candidate.knownMillis() <= row.knownMillis();
            if (isBefore
                    && (last == null || candidate.isNewerThan(last))
                    && !candidate.values().isMissing(slot)) {
                last = candidate;
            }
        }
        return last;
    }
}
