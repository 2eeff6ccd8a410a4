package io.foresell.training.search;

import io.foresell.training.evaluate.Metric;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One configuration that was tried.
 *
 * @param coordinates where it lies, one coordinate in [0, 1) per dimension; empty for the default configuration
 * @param values the parameters that differ from the default, by name
 * @param metric mean over the inner folds that were fitted; NaN when the fit failed
 * @param runningMeans the mean after each inner fold that was fitted; fewer than all when it was stopped early
 * @param seconds time spent
 * @param failure why it failed; empty when it did not
 */
public record Trial(
        List<Double> coordinates,
        Map<String, Object> values,
        double metric,
        List<Double> runningMeans,
        double seconds,
        String failure) {
    public Trial {
        coordinates = List.copyOf(coordinates);
        values = Map.copyOf(values);
        runningMeans = List.copyOf(runningMeans);
    }

    /** Returns the number of inner folds fitted. */
    public int foldCount() {
        return runningMeans.size();
    }

    /** Returns the metric of an inner fold. */
    double metricOf(int fold) {
        double before = fold == 0 ? 0 : runningMeans.get(fold - 1) * fold;
        return runningMeans.get(fold) * (fold + 1) - before;
    }

    /** Returns whether it is the default configuration. */
    public boolean isDefault() {
        return coordinates.isEmpty();
    }

    /** Better metrics first, failures last; of equals the earlier. */
    static Comparator<Trial> bestFirst(Metric metric) {
        return (one, other) ->
                metric.isBetter(one.metric, other.metric) ? -1 : metric.isBetter(other.metric, one.metric) ? 1 : 0;
    }
}
