package io.foresell.feature.online;

import io.foresell.feature.asof.FeatureTable;
import java.util.List;
import java.util.Map;

/**
 * Features as of now.
 *
 * @param table one row for each known entity, in the order asked
 * @param unknownKeys entities without any row
 * @param stale the features older than their view allows, by row of the table
 */
public record OnlineFeatures(FeatureTable table, List<String> unknownKeys, Map<Integer, List<String>> stale) {
    public OnlineFeatures {
        unknownKeys = List.copyOf(unknownKeys);
        stale = Map.copyOf(stale);
    }
}
