package io.foresell.feature.online;

import io.foresell.feature.asof.ViewPlan;
import io.foresell.feature.history.BucketRange;
import io.foresell.feature.history.EntityHistory;
import io.foresell.feature.history.HistoryReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Loads whole histories of entities, with the online documents telling how many buckets there are. Thread-safe. */
public final class HistoryLoader {
    /** Bounds the memory of one read: 2000 full buckets are 400,000 rows. */
    private static final int BUCKETS_PER_PART = 2000;

    private final OnlineStore online;
    private final HistoryReader reader;

    public HistoryLoader(OnlineStore online, HistoryReader reader) {
        this.online = online;
        this.reader = reader;
    }

    /** Hands the key of every entity with a row in any feature view to {@code consumer}, in no order. */
    public void scanKeys(String entity, Consumer<String> consumer) {
        online.scanKeys(entity, consumer);
    }

    /**
     * Loads the histories of all views for every key, a bounded part at a time, in the order of the keys.
     *
     * @param entity the entity of all views
     * @param pool returns one instance for equal texts
     * @param consumer takes a key and its histories, one for each view
     */
    public void load(
            String entity,
            List<ViewPlan> views,
            Collection<String> keys,
            UnaryOperator<String> pool,
            BiConsumer<String, List<EntityHistory>> consumer) {
        List<OnlineEntity> part = new ArrayList<>();
        int buckets = 0;
        for (OnlineEntity next : online.read(entity, keys).values()) {
            int more = bucketCount(next, views);
            if (buckets + more > BUCKETS_PER_PART && !part.isEmpty()) {
                load(views, part, pool, consumer);
                part.clear();
                buckets = 0;
            }
            part.add(next);
            buckets += more;
        }
        load(views, part, pool, consumer);
    }

    private static int bucketCount(OnlineEntity entity, List<ViewPlan> views) {
        return views.stream()
                .mapToInt(view -> entity.allBuckets(view.view().name()).expectedCount())
                .sum();
    }

    private void load(
            List<ViewPlan> views,
            List<OnlineEntity> part,
            UnaryOperator<String> pool,
            BiConsumer<String, List<EntityHistory>> consumer) {
        Map<String, List<EntityHistory>> byKey = new LinkedHashMap<>();
        part.forEach(entity -> byKey.put(entity.key(), new ArrayList<>()));
        for (ViewPlan view : views) {
            Map<String, BucketRange> ranges = new LinkedHashMap<>();
            part.forEach(entity ->
                    ranges.put(entity.key(), entity.allBuckets(view.view().name())));
            reader.read(view.view().name(), ranges)
                    .forEach((key, buckets) -> byKey.computeIfAbsent(key, absent -> new ArrayList<>())
                            .add(EntityHistory.ofBuckets(buckets, view.selection(), pool)));
        }
        byKey.forEach(consumer);
    }
}
