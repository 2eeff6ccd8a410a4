package io.foresell.inference.serve;

import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ServedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a request that one version answers. Owned by the request. */
final class Batch {
    private final ServedVersion served;
    private final int @Nullable [] rows; // null: all rows of the request, the ordinary case
    private final int rowCount;

    private Batch(ServedVersion served, int @Nullable [] rows, int rowCount) {
        this.served = served;
        this.rows = rows;
        this.rowCount = rowCount;
    }

    /** Returns all rows for one version. */
    static List<Batch> whole(ServedVersion served, int rowCount) {
        return List.of(new Batch(served, null, rowCount));
    }

    /** Returns some rows for one version; the array belongs to the batch. */
    static Batch some(ServedVersion served, int[] rows) {
        return new Batch(served, rows, rows.length);
    }

    /** Splits the rows by the routes of a release. */
    static List<Batch> split(ScoreQuery query, ModelSlot slot) {
        ServedVersion only = slot.only();
        if (only != null) {
            return whole(only, query.rowCount());
        }
        Map<ServedVersion, int[]> rowsByVersion = new LinkedHashMap<>();
        Map<ServedVersion, Integer> counts = new LinkedHashMap<>();
        for (int row = 0; row < query.rowCount(); row++) {
            String subject = query.subject(row);
            ServedVersion version = subject.isEmpty() ? slot.versionFor(row) : slot.versionFor(subject);
            int count = counts.merge(version, 1, Integer::sum);
            rowsByVersion.computeIfAbsent(version, key -> new int[query.rowCount()])[count - 1] = row;
        }
        List<Batch> batches = new ArrayList<>();
        rowsByVersion.forEach((version, rows) -> {
            int count = counts.getOrDefault(version, 0);
            batches.add(new Batch(version, Arrays.copyOf(rows, count), count));
        });
        return batches;
    }

    ServedVersion served() {
        return served;
    }

    int rowCount() {
        return rowCount;
    }

    /** Returns the index in the request of the batch's row at a place. */
    int requestRow(int place) {
        return rows == null ? place : rows[place];
    }

    boolean isWhole() {
        return rows == null;
    }
}
