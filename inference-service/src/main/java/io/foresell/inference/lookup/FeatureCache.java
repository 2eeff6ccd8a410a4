package io.foresell.inference.lookup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last row of each entity, in memory only, least recently used out first. Bounded by count; a row takes about 200 bytes
 * and 4 bytes a number. Thread-safe.
 */
final class FeatureCache {
    private record Key(String featureSet, String featureSetHash, String entityKey) {}

    private final int maxRows;

    @GuardedBy("this")
    private final Map<Key, FeatureRow> rows = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, FeatureRow> eldest) {
            return size() > maxRows;
        }
    };

    FeatureCache(int maxRows) {
        this.maxRows = maxRows;
    }

    synchronized void put(FeatureSetRef set, String entityKey, FeatureRow row) {
        rows.put(new Key(set.name(), set.hash(), entityKey), row);
    }

    synchronized @Nullable FeatureRow get(FeatureSetRef set, String entityKey) {
        return rows.get(new Key(set.name(), set.hash(), entityKey));
    }

    synchronized void remove(FeatureSetRef set, String entityKey) {
        rows.remove(new Key(set.name(), set.hash(), entityKey));
    }

    synchronized int size() {
        return rows.size();
    }
}
