package io.foresell.feature.define;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One feature over the events of a window that ends at the asked instant.
 *
 * @param column the column aggregated; may be empty for COUNT and those in days
 * @param window the length of the window, of one bucket when {@code bucketCount} is above 1
 * @param bucketCount consecutive windows, oldest first; 1 is a single number
 * @param filter keeps the events whose column (key) holds the text (value)
 */
public record AggregationDefinition(
        String name,
        AggregateFunction function,
        String column,
        Duration window,
        int bucketCount,
        Map<String, String> filter,
        String description) {
    public AggregationDefinition {
        bucketCount = bucketCount == 0 ? 1 : bucketCount;
        filter = Collections.unmodifiableMap(new TreeMap<>(filter));
    }

    AggregationDefinition withoutDescription() {
        return new AggregationDefinition(name, function, column, window, bucketCount, filter, "");
    }
}
