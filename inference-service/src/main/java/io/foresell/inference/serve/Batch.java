package io.foresell.inference.serve;

import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.WeightedVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a request that one version answers in one way. Owned by the request. */
final class Batch {
    private final ServedVersion served;
    private final ReleaseTerms.@Nullable Bands bands;
    private final @Nullable WeightedVersion route; // null: the version was named
    private final boolean isHeldOut;
    private final int @Nullable [] rows; // null: all rows of the request, the ordinary case
    private final int rowCount;

    private Batch(
            ServedVersion served,
            ReleaseTerms.@Nullable Bands bands,
            @Nullable WeightedVersion route,
            boolean isHeldOut,
            int @Nullable [] rows,
            int rowCount) {
        this.served = served;
        this.bands = bands;
        this.route = route;
        this.isHeldOut = isHeldOut;
        this.rows = rows;
        this.rowCount = rowCount;
    }

    /** Returns all rows for a version that the request names. */
    static List<Batch> named(ServedVersion served, ModelSlot slot, int rowCount) {
        return List.of(new Batch(served, slot.terms().bands(), null, false, null, rowCount));
    }

    /** Returns some rows for one version of a bulk stream; the array belongs to the batch. */
    static Batch some(ServedVersion served, ReleaseTerms.@Nullable Bands bands, int[] rows) {
        return new Batch(served, bands, null, false, rows, rows.length);
    }

    /** Returns all rows of a request that no release routed. */
    static Batch all(ServedVersion served, ReleaseTerms.@Nullable Bands bands, int rowCount) {
        return new Batch(served, bands, null, false, null, rowCount);
    }

    /** Returns the rows of another batch for the fallback of their release, whose own bands hold. */
    static Batch insteadOf(Batch chosen, ServedVersion fallback) {
        return new Batch(fallback, null, null, chosen.isHeldOut, chosen.rows, chosen.rowCount);
    }

    /** What of a release answers a row. */
    private record Way(WeightedVersion route, boolean isHeldOut) {}

    /** Splits the rows by the routes of a release. */
    static List<Batch> split(ScoreQuery query, ModelSlot slot) {
        WeightedVersion only = slot.only();
        if (only != null) {
            return List.of(new Batch(only.served(), slot.terms().bands(), only, false, null, query.rowCount()));
        }
        if (query.rowCount() == 1) {
            Way way = way(slot, query.key(slot, 0));
            return List.of(
                    new Batch(way.route().served(), slot.terms().bands(), way.route(), way.isHeldOut(), null, 1));
        }
        Map<Way, int[]> rowsByWay = new LinkedHashMap<>();
        Map<Way, Integer> counts = new HashMap<>();
        for (int row = 0; row < query.rowCount(); row++) {
            Way way = way(slot, query.key(slot, row));
            int count = counts.merge(way, 1, Integer::sum);
            rowsByWay.computeIfAbsent(way, key -> new int[query.rowCount()])[count - 1] = row;
        }
        List<Batch> batches = new ArrayList<>();
        rowsByWay.forEach((way, rows) -> {
            int count = counts.getOrDefault(way, 0);
            batches.add(new Batch(
                    way.route().served(),
                    slot.terms().bands(),
                    way.route(),
                    way.isHeldOut(),
                    Arrays.copyOf(rows, count),
                    count));
        });
        return batches;
    }

    private static Way way(ModelSlot slot, long key) {
        return new Way(slot.routeFor(key), slot.isHeldOut(key));
    }

    /** Returns where answers count as medium or high; null when the package's own hold. */
    ReleaseTerms.@Nullable Bands bands() {
        return bands;
    }

    /** Returns the route by which the release chose the version; null when the request named it. */
    @Nullable
    WeightedVersion route() {
        return route;
    }

    /** Returns whether the subjects belong to the hold-out group. */
    boolean isHeldOut() {
        return isHeldOut;
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
