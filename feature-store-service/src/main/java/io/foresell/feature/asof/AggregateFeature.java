package io.foresell.feature.asof;

import io.foresell.feature.define.AggregateFunction;
import io.foresell.feature.history.EntityHistory;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An aggregation of the visible events in {@code (t - windowMillis * width, t]}, one number a bucket, oldest first. An event
 * at {@code t} is in the last bucket, one at {@code t - windowMillis} in the one before.
 *
 * @param slot the place of the aggregated column, or -1 when every event counts
 */
record AggregateFeature(
        String name,
        int view,
        AggregateFunction function,
        int slot,
        boolean isTextSlot,
        long windowMillis,
        int width,
        List<Filter> filters)
        implements Feature {
    /** Keeps events by the value of one column; exactly one of text and number counts. */
    record Filter(int slot, @Nullable String text, double number) {
        boolean matches(EntityHistory history, int event) {
            return text == null ? history.number(slot, event) == number : text.equals(history.text(slot, event));
        }
    }

    AggregateFeature {
        filters = List.copyOf(filters);
    }

    /** Returns how far back the feature looks. */
    long spanMillis() {
        return windowMillis * width;
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public void fill(EntityHistory history, int latest, long asOfMillis, FeatureTable table, int column, int row) {
        Aggregate aggregate = new Aggregate(function, width);
        int end = history.countUntil(asOfMillis);
        for (int event = history.countUntil(asOfMillis - spanMillis()); event < end; event++) {
            if (history.knownMillis(event) <= asOfMillis && isCounted(history, event)) {
                long age = asOfMillis - history.eventMillis(event);
                aggregate.add(width - 1 - (int) (age / windowMillis), value(history, event), age / MILLIS_PER_DAY);
            }
        }
        aggregate.copyTo(table.numbers(column), row * width);
    }

    private boolean isCounted(EntityHistory history, int event) {
        for (Filter filter : filters) {
            if (!filter.matches(history, event)) {
                return false;
            }
        }
        return slot < 0 || value(history, event) != null;
    }

    private @Nullable Object value(EntityHistory history, int event) {
        if (slot < 0) {
            return null;
        }
        if (isTextSlot) {
            return history.text(slot, event);
        }
        double number = history.number(slot, event);
        return Double.isNaN(number) ? null : (Double) number;
    }

    /** The running results of one feature and row. Events must be added oldest first. */
    private static final class Aggregate {
        private final AggregateFunction function;
        private final double[] results;
        private final int[] counts;
        /** The age of the latest event of each bucket, of mean gaps alone. */
        private final double[] latestDays;

        private final Set<List<Object>> distinct = new HashSet<>();

        Aggregate(AggregateFunction function, int width) {
            this.function = function;
            results = new double[width];
            counts = new int[width];
            latestDays = new double[function == AggregateFunction.MEAN_GAP_DAYS ? width : 0];
            boolean isZeroWithoutEvents = function == AggregateFunction.COUNT
                    || function == AggregateFunction.SUM
                    || function == AggregateFunction.DISTINCT;
            Arrays.fill(results, isZeroWithoutEvents ? 0 : Double.NaN);
        }

        void add(int bucket, @Nullable Object value, double ageDays) {
            double number = value instanceof Double given ? given : Double.NaN;
            boolean isFirst = counts[bucket]++ == 0;
            switch (function) {
                case COUNT -> results[bucket]++;
                case SUM -> results[bucket] += number;
                case MEAN -> results[bucket] = isFirst ? number : results[bucket] + number;
                case MIN -> results[bucket] = isFirst ? number : Math.min(results[bucket], number);
                case MAX -> results[bucket] = isFirst ? number : Math.max(results[bucket], number);
                case RECENCY_DAYS -> results[bucket] = ageDays;
                case TENURE_DAYS -> results[bucket] = isFirst ? ageDays : results[bucket];
                case MEAN_GAP_DAYS -> {
                    results[bucket] = isFirst ? ageDays : results[bucket];
                    latestDays[bucket] = ageDays;
                }
                case DISTINCT -> {
                    if (value != null && distinct.add(List.of(bucket, value))) {
                        results[bucket]++;
                    }
                }
                case UNSPECIFIED -> throw new IllegalStateException("aggregation without a function");
            }
        }

        void copyTo(double[] target, int from) {
            for (int bucket = 0; bucket < results.length; bucket++) {
                target[from + bucket] = switch (function) {
                    case MEAN -> results[bucket] / counts[bucket];
                    case MEAN_GAP_DAYS -> counts[bucket] < 2
                            ? Double.NaN
                            : (results[bucket] - latestDays[bucket]) / (counts[bucket] - 1);
                    default -> results[bucket];
                };
            }
        }
    }
}
