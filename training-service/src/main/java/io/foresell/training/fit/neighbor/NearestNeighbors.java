package io.foresell.training.fit.neighbor;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Answers as the nearest training rows do, by Euclidean distance of standardised numbers and one-hot texts. Rows as far as the
 * last neighbour count too.
 *
 * @param k number of neighbours
 * @param isByDistance whether a neighbour counts the inverse of its distance, else all count the same
 * @param maxRows most training rows kept; of more as many are drawn at random, classes in proportion
 */
public record NearestNeighbors(int k, boolean isByDistance, int maxRows) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final NearestNeighbors DEFAULT = new NearestNeighbors(15, false, 5_000);

    /** Most training rows that may be kept: every row to be scored is compared with all of them. */
    public static final int MAX_ROWS = 20_000;

    public NearestNeighbors {
        Ranges.require("k", k, 1, 1_000);
        Ranges.require("max_rows", maxRows, 1, MAX_ROWS);
    }

    @Override
    public String key() {
        return "nearest_neighbors";
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "k",
                Integer.toString(k),
                "weights",
                isByDistance ? "distance" : "uniform",
                "max_rows",
                Integer.toString(maxRows));
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new NearestNeighborsFitter(this);
    }

    @Override
    public double work() {
        return 0.5;
    }
}
