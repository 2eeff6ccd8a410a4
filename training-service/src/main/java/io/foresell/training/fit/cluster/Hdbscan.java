package io.foresell.training.fit.cluster;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits HDBSCAN on standardised numbers and one-hot texts.
 *
 * @param minClusterSize fewest rows of a cluster, 2 to 100,000; 0 for one hundredth of the rows, at least 5
 * @param minSamples neighbours that make a row dense, itself included, 1 to 1000; 0 for minClusterSize, at most 50
 * @param maxRows most rows that are clustered, 100 to 50,000; time grows with the square
 */
public record Hdbscan(int minClusterSize, int minSamples, int maxRows) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final Hdbscan DEFAULT = new Hdbscan(0, 0, 20_000);

    private static final int USUAL_MOST_SAMPLES = 50;

    public Hdbscan {
        if (minClusterSize != 0) {
            Ranges.require("min_cluster_size", minClusterSize, 2, 100_000);
        }
        if (minSamples != 0) {
            Ranges.require("min_samples", minSamples, 1, 1000);
        }
        Ranges.require("max_rows", maxRows, 100, 50_000);
    }

    int minClusterSizeOf(int rowCount) {
        return minClusterSize == 0 ? Math.max(5, rowCount / 100) : minClusterSize;
    }

    int minSamplesOf(int rowCount) {
        int wanted = minSamples == 0 ? Math.min(minClusterSizeOf(rowCount), USUAL_MOST_SAMPLES) : minSamples;
        return Math.min(wanted, rowCount);
    }

    @Override
    public String key() {
        return "hdbscan";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLUSTERS);
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "min_cluster_size", Integer.toString(minClusterSize),
                "min_samples", Integer.toString(minSamples),
                "max_rows", Integer.toString(maxRows));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new HdbscanFitter(this, threadCount);
    }

    @Override
    public double work() {
        return 8;
    }
}
