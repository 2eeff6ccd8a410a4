package io.foresell.training.fit.cluster;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits k-means on standardised numbers and one-hot texts.
 *
 * @param restarts 1 to 100; the one with the least inertia counts
 * @param maxPasses most passes of a restart, 1 to 10,000
 */
public record KMeans(ClusterCount count, int restarts, int maxPasses) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final KMeans DEFAULT = new KMeans(ClusterCount.between(2, 10), 10, 300);

    public KMeans {
        Ranges.require("restarts", restarts, 1, 100);
        Ranges.require("max_passes", maxPasses, 1, 10_000);
    }

    @Override
    public String key() {
        return "k_means";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLUSTERS);
    }

    @Override
    public Map<String, String> asText() {
        return count.asText(Map.of("restarts", Integer.toString(restarts), "max_passes", Integer.toString(maxPasses)));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new KMeansFitter(this, threadCount);
    }

    @Override
    public double work() {
        return count.isChosen() ? 5 : 1;
    }
}
