package io.foresell.feature.history;

import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the buckets of a view by id. Thread-safe. */
public final class HistoryReader {
    private final FeatureDatabase database;

    public HistoryReader(FeatureDatabase database) {
        this.database = database;
    }

    FeatureCollection collection(String view) {
        return database.collection("history_" + view);
    }

    /**
     * Returns the buckets of every entity asked for, in order; no buckets for an entity without rows. Asks again while the
     * last bucket found is full, because then there may be a next one.
     */
    public Map<String, List<Bucket>> read(String view, Map<String, BucketRange> ranges) {
        Map<String, List<Bucket>> found = new LinkedHashMap<>();
        List<String> ids = new ArrayList<>();
        ranges.forEach((key, range) -> {
            found.put(key, new ArrayList<>());
            for (int number = range.from(); number <= Math.max(range.from(), range.expectedCount() - 1); number++) {
                ids.add(Bucket.id(key, number));
            }
        });
        while (!ids.isEmpty()) {
            List<Bucket> buckets = collection(view).findByIds(ids).stream()
                    .map(Bucket::decode)
                    .sorted(Comparator.comparingInt(Bucket::number))
                    .toList();
            ids.clear();
            for (Bucket bucket : buckets) {
                of(found, bucket.entityKey()).add(bucket);
            }
            for (Bucket bucket : buckets) {
                List<Bucket> all = of(found, bucket.entityKey());
                if (bucket.isFull() && all.get(all.size() - 1).number() == bucket.number()) {
                    ids.add(Bucket.id(bucket.entityKey(), bucket.number() + 1));
                }
            }
        }
        return found;
    }

    private static List<Bucket> of(Map<String, List<Bucket>> found, String entityKey) {
        return found.computeIfAbsent(entityKey, absent -> new ArrayList<>());
    }

    /** Hands every bucket of a view to {@code consumer}, in no order. */
    public void scan(String view, Consumer<Bucket> consumer) {
        collection(view).scan(document -> consumer.accept(Bucket.decode(document)));
    }
}
