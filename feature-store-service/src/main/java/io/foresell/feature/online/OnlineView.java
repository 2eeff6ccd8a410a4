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
 * @param bucketCount buckets of the history when last looked; 0 is an entity without rows
 * @param newestEvents the newest event time of each full bucket, which does not change any more
 * @param rows of a snapshot view: the row to serve and those that will replace it once their time comes; else none
 * @param isOverflowing whether there are too many of those, so that the history must be read
 */
record OnlineView(int bucketCount, List<Long> newestEvents, List<HistoryRow> rows, boolean isOverflowing) {
    static final OnlineView EMPTY = new OnlineView(0, List.of(), List.of(), false);

    private static final int MAX_ROWS = 8;

    OnlineView {
        newestEvents = List.copyOf(newestEvents);
        rows = List.copyOf(rows);
    }

    static OnlineView of(RowView view, EntityRows entity, long nowMillis) {
        int count = entity.buckets().size();
        List<Long> newest = entity.buckets().stream()
                .filter(Bucket::isFull)
                .map(Bucket::newestEventMillis)
                .toList();
        return view.isOneRowPerInstant()
                ? new OnlineView(count, newest, entity.rows(), false).pruned(nowMillis)
                : new OnlineView(count, newest, List.of(), false);
    }

    /** Returns what both know: the order of merging does not matter, so racing writers cannot lose anything. */
    OnlineView mergedWith(OnlineView other, long nowMillis) {
        List<Long> newest = newestEvents.size() >= other.newestEvents.size() ? newestEvents : other.newestEvents;
        TreeMap<Long, HistoryRow> union = new TreeMap<>();
        rows.forEach(row -> union.put(row.sequence(), row));
        other.rows.forEach(row -> union.put(row.sequence(), row));
        int count = Math.max(bucketCount, other.bucketCount);
        return new OnlineView(count, newest, List.copyOf(union.values()), isOverflowing || other.isOverflowing)
                .pruned(nowMillis);
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
        return new OnlineView(bucketCount, newestEvents, isTooMany ? List.of() : kept, isOverflowing || isTooMany);
    }

    boolean isSame(OnlineView other) {
        return bucketCount == other.bucketCount
                && newestEvents.equals(other.newestEvents)
                && isOverflowing == other.isOverflowing
                && sequences().equals(other.sequences());
    }

    private List<Long> sequences() {
        return rows.stream().map(HistoryRow::sequence).sorted().toList();
    }
}
