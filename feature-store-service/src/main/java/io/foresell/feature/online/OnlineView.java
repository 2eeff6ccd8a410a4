package io.foresell.feature.online;

import io.foresell.feature.define.RowView;
import io.foresell.feature.history.Bucket;
import io.foresell.feature.history.EntityRows;
import io.foresell.feature.history.HistoryRow;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What the online document of an entity keeps of one view. Immutable.
 *
 * @param newestEvents the newest event time of each bucket of the history
 * @param rows of a snapshot view: the row to serve and those that will replace it once their time comes; else none
 * @param isOverflowing whether there are too many of those, so that the history must be read
 */
record OnlineView(List<Long> newestEvents, List<HistoryRow> rows, boolean isOverflowing) {
    static final OnlineView EMPTY = new OnlineView(List.of(), List.of(), false);

    private static final int MAX_ROWS = 8;

    OnlineView {
        newestEvents = List.copyOf(newestEvents);
        rows = List.copyOf(rows);
    }

    static OnlineView of(RowView view, EntityRows entity, long nowMillis) {
        List<Long> newest =
                entity.buckets().stream().map(Bucket::newestEventMillis).toList();
        return view.isOneRowPerInstant()
                ? new OnlineView(newest, entity.rows(), false).pruned(nowMillis)
                : new OnlineView(newest, List.of(), false);
    }

    /** Returns what both know: the order of merging does not matter, so racing writers cannot lose anything. */
    OnlineView mergedWith(OnlineView other, long nowMillis) {
        List<Long> newest = new ArrayList<>();
        for (int i = 0; i < Math.max(newestEvents.size(), other.newestEvents.size()); i++) {
            newest.add(Math.max(newest(i), other.newest(i)));
        }
        TreeMap<Long, HistoryRow> union = new TreeMap<>();
        rows.forEach(row -> union.put(row.sequence(), row));
        other.rows.forEach(row -> union.put(row.sequence(), row));
        return new OnlineView(newest, List.copyOf(union.values()), isOverflowing || other.isOverflowing)
                .pruned(nowMillis);
    }

    private long newest(int bucket) {
        return bucket < newestEvents.size() ? newestEvents.get(bucket) : Long.MIN_VALUE;
    }

    private OnlineView pruned(long nowMillis) {
        HistoryRow best = null;
        for (HistoryRow row : rows) {
            boolean isVisible = row.eventMillis() <= nowMillis && row.knownMillis() <= nowMillis;
            if (isVisible && (best == null || row.isNewerThan(best))) {
                best = row;
            }
        }
        List<HistoryRow> kept = new ArrayList<>();
        for (HistoryRow row : rows) {
            if (best == null || row.sequence() == best.sequence() || row.isNewerThan(best)) {
                kept.add(row);
            }
        }
        boolean isTooMany = kept.size() > MAX_ROWS;
        return new OnlineView(newestEvents, isTooMany ? List.of() : kept, isOverflowing || isTooMany);
    }

    boolean isSame(OnlineView other) {
        return newestEvents.equals(other.newestEvents)
                && isOverflowing == other.isOverflowing
                && sequences().equals(other.sequences());
    }

    private List<Long> sequences() {
        return rows.stream().map(HistoryRow::sequence).sorted().toList();
    }
}
