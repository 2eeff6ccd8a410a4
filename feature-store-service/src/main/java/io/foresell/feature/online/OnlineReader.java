package io.foresell.feature.online;

import io.foresell.feature.asof.Feature;
import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.asof.FeatureTable;
import io.foresell.feature.asof.ViewPlan;
import io.foresell.feature.history.Bucket;
import io.foresell.feature.history.BucketRange;
import io.foresell.feature.history.EntityHistory;
import io.foresell.feature.history.HistoryReader;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads features as of now: the online documents, and of events the buckets that reach into the windows. Thread-safe. */
public final class OnlineReader {
    private final OnlineStore online;
    private final HistoryReader reader;
    private final Clock clock;

    public OnlineReader(OnlineStore online, HistoryReader reader, Clock clock) {
        this.online = online;
        this.reader = reader;
        this.clock = clock;
    }

    /** Reads features; a key asked twice gives two rows. */
    public OnlineFeatures read(FeaturePlan plan, List<String> keys) {
        long nowMillis = clock.millis();
        Map<String, OnlineEntity> entities = online.read(plan.set().entity(), keys);
        List<Map<String, EntityHistory>> histories = new ArrayList<>();
        for (ViewPlan view : plan.views()) {
            histories.add(histories(view, entities, nowMillis));
        }
        List<String> known = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String key : keys) {
            (isKnown(plan, entities, histories, key, nowMillis) ? known : unknown).add(key);
        }
        FeatureTable table = plan.table(known.size());
        Map<Integer, List<String>> stale = new HashMap<>();
        for (int row = 0; row < known.size(); row++) {
            List<EntityHistory> own = ofEntity(histories, known.get(row));
            plan.fill(table, row, known.get(row), own, nowMillis);
            List<String> old = staleFeatures(plan, entities.get(known.get(row)), own, nowMillis);
            if (!old.isEmpty()) {
                stale.put(row, old);
            }
        }
        return new OnlineFeatures(table, unknown.stream().distinct().toList(), stale);
    }

    private static List<EntityHistory> ofEntity(List<Map<String, EntityHistory>> histories, String key) {
        List<EntityHistory> own = new ArrayList<>(histories.size());
        for (Map<String, EntityHistory> byKey : histories) {
            EntityHistory history = byKey.get(key);
            if (history == null) {
                throw new IllegalStateException("no history read for an entity asked for");
            }
            own.add(history);
        }
        return own;
    }

    /** Returns a history for every entity: of snapshots the rows kept online, of events those the plan looks at. */
    private Map<String, EntityHistory> histories(ViewPlan plan, Map<String, OnlineEntity> entities, long nowMillis) {
        String name = plan.view().name();
        Map<String, EntityHistory> histories = new HashMap<>();
        Map<String, BucketRange> ranges = new LinkedHashMap<>();
        for (OnlineEntity entity : entities.values()) {
            OnlineView view = entity.view(name);
            int from = plan.isSnapshot() ? 0 : firstRead(plan, view, nowMillis);
            histories.put(entity.key(), EntityHistory.of(view.rows(), plan.selection(), UnaryOperator.identity()));
            boolean isHistoryNeeded = plan.isSnapshot() ? view.isOverflowing() : view.bucketCount() > 0;
            if (isHistoryNeeded) {
                ranges.put(entity.key(), new BucketRange(from, view.bucketCount()));
            }
        }
        Map<String, List<Bucket>> buckets = reader.read(name, ranges);
        buckets.forEach((key, read) ->
                histories.put(key, EntityHistory.ofBuckets(read, plan.selection(), UnaryOperator.identity())));
        return histories;
    }

    /** Returns the first bucket that may hold events the plan looks at; the last one is always read. */
    private static int firstRead(ViewPlan plan, OnlineView view, long nowMillis) {
        long spanMillis = Math.max(
                plan.spanMillis(),
                plan.view().freshnessLimit().map(Duration::toMillis).orElse(0L));
        int from = 0;
        while (from < view.newestEvents().size() && view.newestEvents().get(from) <= nowMillis - spanMillis) {
            from++;
        }
        return from;
    }

    private static boolean isKnown(
            FeaturePlan plan,
            Map<String, OnlineEntity> entities,
            List<Map<String, EntityHistory>> histories,
            String key,
            long nowMillis) {
        List<EntityHistory> own = ofEntity(histories, key);
        OnlineEntity entity = entities.getOrDefault(key, OnlineEntity.absent(key));
        for (int i = 0; i < own.size(); i++) {
            ViewPlan view = plan.views().get(i);
            boolean hasOlderEvents = !view.isSnapshot()
                    && firstRead(view, entity.view(view.view().name()), nowMillis) > 0;
            if (hasOlderEvents || ViewPlan.latestVisible(own.get(i), nowMillis) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static List<String> staleFeatures(
            FeaturePlan plan, @Nullable OnlineEntity entity, List<EntityHistory> own, long nowMillis) {
        List<String> stale = new ArrayList<>();
        for (Feature feature : plan.features()) {
            ViewPlan view = plan.views().get(feature.view());
            EntityHistory history = own.get(feature.view());
            int latest = ViewPlan.latestVisible(history, nowMillis);
            boolean hasRows = latest >= 0
                    || (entity != null && entity.view(view.view().name()).bucketCount() > 0);
            long limitMillis =
                    view.view().freshnessLimit().map(Duration::toMillis).orElse(Long.MAX_VALUE);
            long ageMillis = latest < 0 ? Long.MAX_VALUE : nowMillis - history.eventMillis(latest);
            if (hasRows && limitMillis < Long.MAX_VALUE && ageMillis > limitMillis) {
                stale.add(feature.name());
            }
        }
        return stale;
    }
}
