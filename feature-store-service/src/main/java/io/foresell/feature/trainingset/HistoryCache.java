package io.foresell.feature.trainingset;

import io.foresell.feature.history.EntityHistory;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Histories of the entities used last, up to a number of values. Not thread-safe. */
final class HistoryCache {
    private final long maxCells;
    private final Map<String, List<EntityHistory>> histories = new LinkedHashMap<>(16, 0.75f, true);
    private long cells;

    HistoryCache(long maxCells) {
        this.maxCells = maxCells;
    }

    @Nullable
    List<EntityHistory> get(String key) {
        return histories.get(key);
    }

    void put(String key, List<EntityHistory> loaded) {
        cells += cells(loaded);
        List<EntityHistory> old = histories.put(key, loaded);
        cells -= old == null ? 0 : cells(old);
        Iterator<List<EntityHistory>> leastUsed = histories.values().iterator();
        while (cells > maxCells && leastUsed.hasNext()) {
            cells -= cells(leastUsed.next());
            leastUsed.remove();
        }
    }

    private static long cells(List<EntityHistory> loaded) {
        return loaded.stream().mapToLong(EntityHistory::cellCount).sum();
    }
}
