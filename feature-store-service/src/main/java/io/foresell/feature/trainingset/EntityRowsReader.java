package io.foresell.feature.trainingset;

import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.asof.FeatureTable;
import io.foresell.feature.online.HistoryLoader;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One row for each entity with a row in the set's views that had happened and was known at one instant, in the order of the keys.
 * Memory is bounded by the keys and one block. Serves one stream.
 */
final class EntityRowsReader {
    private static final int ENTITIES_PER_LOAD = 500;

    private final HistoryLoader loader;
    private final FeaturePlan plan;
    private final long asOfMillis;
    private final int maxEntities;

    EntityRowsReader(HistoryLoader loader, FeaturePlan plan, long asOfMillis, int maxEntities) {
        this.loader = loader;
        this.plan = plan;
        this.asOfMillis = asOfMillis;
        this.maxEntities = maxEntities;
    }

    void stream(int blockRows, TrainingSetReader.Sink sink) {
        List<String> keys = keys();
        sink.begin(plan.hash(), keys.size());
        long rowCount = 0;
        for (int from = 0; from < keys.size(); from += blockRows) {
            FeatureTable table = table(keys.subList(from, Math.min(keys.size(), from + blockRows)));
            rowCount += table.rowCount();
            if (table.rowCount() > 0) {
                sink.accept(new TrainingBlock(table, List.of(), List.of()));
            }
        }
        if (rowCount == 0) {
            throw new ServiceException(Failure.precondition(
                    "NO_ENTITIES",
                    "entities '%s' of feature_set '%s' known at %s: 0 of %d (expected: at least 1)"
                            .formatted(
                                    plan.set().entity(),
                                    plan.set().name(),
                                    Instant.ofEpochMilli(asOfMillis),
                                    keys.size())));
        }
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        loader.scanKeys(plan.set().entity(), key -> {
            keys.add(key);
            if (keys.size() > maxEntities) {
                throw new ServiceException(Failure.precondition(
                        "TOO_MANY_ENTITIES",
                        "entities '%s': more than %d (expected: at most that many in a training set without labels)"
                                .formatted(plan.set().entity(), maxEntities)));
            }
        });
        keys.sort(null);
        return keys;
    }

    /** Fills rows in the order of the keys; those not known yet leave none. */
    private FeatureTable table(List<String> keys) {
        FeatureTable table = plan.table(keys.size());
        int[] rows = {0};
        Map<String, String> pool = new HashMap<>();
        for (int from = 0; from < keys.size(); from += ENTITIES_PER_LOAD) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + ENTITIES_PER_LOAD));
            loader.load(
                    plan.set().entity(),
                    plan.views(),
                    some,
                    text -> pool.computeIfAbsent(text, same -> same),
                    (key, histories) -> {
                        if (FeaturePlan.isKnown(histories, asOfMillis)) {
                            plan.fill(table, rows[0]++, key, histories, asOfMillis);
                        }
                    });
        }
        return table.head(rows[0]);
    }
}
