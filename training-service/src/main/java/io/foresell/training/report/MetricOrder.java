package io.foresell.training.report;

import io.foresell.training.evaluate.Metric;
import java.util.Comparator;
import java.util.List;

/** Metrics in the order of {@link Metric}, unknown ones last by name. */
final class MetricOrder {
    private static final List<String> KEYS =
            Metric.all().stream().map(Metric::key).toList();

    static final Comparator<String> COMPARATOR =
            Comparator.comparingInt(MetricOrder::place).thenComparing(Comparator.naturalOrder());

    private MetricOrder() {}

    private static int place(String key) {
        int place = KEYS.indexOf(key);
        return place < 0 ? KEYS.size() : place;
    }
}
