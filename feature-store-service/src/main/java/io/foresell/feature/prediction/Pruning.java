package io.foresell.feature.prediction;

import io.foresell.feature.database.FeatureCollection;
import java.util.List;
import org.bson.conversions.Bson;

/** Deletes many documents in steps, so that no command runs into the database's time limit. */
final class Pruning {
    private static final int STEP = 5000;

    private Pruning() {}

    /** Deletes what matches and returns how many documents that were. */
    static long prune(FeatureCollection collection, Bson filter) {
        long count = 0;
        while (true) {
            List<String> ids = collection.ids(filter, STEP);
            collection.deleteByIds(ids);
            count += ids.size();
            if (ids.size() < STEP) {
                return count;
            }
        }
    }
}
