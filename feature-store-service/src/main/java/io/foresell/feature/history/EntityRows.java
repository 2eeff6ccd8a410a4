package io.foresell.feature.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rows of one entity in one view, while rows are added. Not thread-safe. */
public final class EntityRows {
    private final String entityKey;
    private final List<Bucket> buckets;
    private final Map<Object, HistoryRow> byIdentity = new HashMap<>();
    private final List<HistoryRow> rows = new ArrayList<>();
    private final Deque<PendingRow> waiting = new ArrayDeque<>();

    EntityRows(String entityKey, List<Bucket> buckets) {
        this.entityKey = entityKey;
        this.buckets = new ArrayList<>(buckets);
        for (Bucket bucket : buckets) {
            bucket.rows().forEach(this::know);
        }
    }

    private void know(HistoryRow row) {
        rows.add(row);
        byIdentity.put(row.identity(), row);
    }

    /** Returns all rows, stored ones first. */
    public List<HistoryRow> rows() {
        return rows;
    }

    public List<Bucket> buckets() {
        return buckets;
    }

    /** Decides about a row; one that is neither known nor refused waits to be written. */
    <R extends PendingRow> void admit(R candidate, RowRules<R> rules) {
        HistoryRow stored = byIdentity.get(candidate.row().identity());
        if (stored == null) {
            RowRefusal refusal = rules.complete(candidate, rows);
            if (refusal == null) {
                know(candidate.row());
                waiting.add(candidate);
            } else {
                candidate.refuse(refusal);
            }
        } else if (stored.sequence() == candidate.row().sequence()) {
            candidate.resolve(PendingRow.Outcome.STORED); // by an earlier attempt of ours
        } else if (rules.isSame(stored, candidate)) {
            candidate.resolve(PendingRow.Outcome.DUPLICATE);
        } else {
            candidate.refuse(new RowRefusal(
                    "",
                    "DUPLICATE_EVENT_ID",
                    "event id: came with other values in line %d of batch '%s' (expected: one row per event id)"
                            .formatted(stored.lineNumber(), stored.batchId())));
        }
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    /** Returns the bucket to append to: the last, or a new one when it is full. */
    Bucket open() {
        if (buckets.isEmpty()) {
            return Bucket.empty(entityKey, 0);
        }
        Bucket last = buckets.get(buckets.size() - 1);
        return last.isFull() ? Bucket.empty(entityKey, last.number() + 1) : last;
    }

    /** Returns the waiting rows that fit into {@link #open}. */
    List<HistoryRow> next() {
        return waiting.stream().limit(open().room()).map(PendingRow::row).toList();
    }

    /** Notes that {@link #next} is durable. */
    void written() {
        Bucket target = open();
        List<HistoryRow> stored = next();
        if (target.revision() != 0) {
            buckets.remove(buckets.size() - 1);
        }
        buckets.add(target.with(stored));
        for (int i = 0; i < stored.size(); i++) {
            waiting.removeFirst().resolve(PendingRow.Outcome.STORED);
        }
    }
}
