package io.foresell.inference.lookup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.forget.EntityMemory;
import io.foresell.inference.forget.ErasedEntities;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last row of each entity, in memory only, oldest out first. Bounded by count and by age; a row takes about 220 bytes and 4 bytes a number.
 * Thread-safe.
 */
final class FeatureCache implements EntityMemory {
    private record Key(String featureSet, String featureSetHash, String entityKey) {}

    private record Kept(FeatureRow row, long atNanos) {}

    private final int maxRows;
    private final long maxAgeNanos;
    private final LongSupplier nanoClock;

    @GuardedBy("this")
    private final Map<Key, Kept> rows = new LinkedHashMap<>(); // in the order they came

    /** Makes an empty one; {@code nanoClock} is a clock as {@link System#nanoTime}. */
    FeatureCache(int maxRows, Duration maxAge, LongSupplier nanoClock) {
        this.maxRows = maxRows;
        this.maxAgeNanos = maxAge.toNanos();
        this.nanoClock = nanoClock;
    }

    synchronized void put(FeatureSetRef set, String entityKey, FeatureRow row) {
        Key key = new Key(set.name(), set.hash(), entityKey);
        rows.remove(key); // so that it goes to the end
        rows.put(key, new Kept(row, nanoClock.getAsLong()));
        if (rows.size() > maxRows) {
            rows.remove(rows.keySet().iterator().next());
        }
    }

    /** Returns the last row, or null when there is none that is young enough. */
    synchronized @Nullable FeatureRow get(FeatureSetRef set, String entityKey) {
        Kept kept = rows.get(new Key(set.name(), set.hash(), entityKey));
        return kept == null || isTooOld(kept) ? null : kept.row();
    }

    private boolean isTooOld(Kept kept) {
        return nanoClock.getAsLong() - kept.atNanos() > maxAgeNanos;
    }

    synchronized void remove(FeatureSetRef set, String entityKey) {
        rows.remove(new Key(set.name(), set.hash(), entityKey));
    }

    @Override
    public void forget(ErasedEntities erased) {
        for (Key key : keys(erased)) {
            if (erased.contains(key.entityKey())) { // a digest each: not under the lock
                remove(key);
            }
        }
        removeOld();
    }

    private synchronized List<Key> keys(ErasedEntities erased) {
        return erased.isNobody() ? List.of() : List.copyOf(rows.keySet());
    }

    private synchronized void remove(Key key) {
        rows.remove(key);
    }

    private synchronized void removeOld() {
        Iterator<Kept> oldest = rows.values().iterator();
        while (oldest.hasNext() && isTooOld(oldest.next())) {
            oldest.remove();
        }
    }

    synchronized int size() {
        return rows.size();
    }
}
