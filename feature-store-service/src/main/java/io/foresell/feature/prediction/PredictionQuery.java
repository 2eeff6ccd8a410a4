package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import java.util.ArrayList;
import java.util.List;
import org.bson.conversions.Bson;

/**
 * Which predictions of a model are read.
 *
 * @param versions none means all
 * @param kinds none means all
 * @param parts of subjects, see {@link SubjectParts}; none means all
 * @param isOldestFirst whether the oldest are read, not the newest
 * @param limit the most
 */
public record PredictionQuery(
        String model,
        List<Integer> versions,
        List<Integer> kinds,
        long fromMillis,
        long untilMillis,
        List<Integer> parts,
        boolean isOldestFirst,
        int limit,
        boolean withFeatures) {
    public PredictionQuery {
        versions = List.copyOf(versions);
        kinds = List.copyOf(kinds);
        parts = List.copyOf(parts);
    }

    Bson filter() {
        List<Bson> all = new ArrayList<>();
        all.add(Filters.eq(Prediction.MODEL, model));
        all.add(Filters.gte("_id", PredictionTimes.leastIdAt(fromMillis)));
        all.add(Filters.lt("_id", PredictionTimes.leastIdAt(untilMillis)));
        if (!versions.isEmpty()) {
            all.add(Filters.in(Prediction.VERSION, versions));
        }
        if (!kinds.isEmpty()) {
            all.add(Filters.in(Prediction.KIND, kinds));
        }
        if (!parts.isEmpty()) {
            all.add(Filters.in(Prediction.PART, parts));
        }
        return Filters.and(all);
    }
}
