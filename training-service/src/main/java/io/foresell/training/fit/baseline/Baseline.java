package io.foresell.training.fit.baseline;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import java.util.Map;
import java.util.Set;

/** Answers the base rate, the shares of the classes or the mean to every row: what everything else must beat. */
public record Baseline() implements Algorithm {
    /** Is the name in results. */
    public static final String KEY = "baseline";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Map<String, String> asText() {
        return Map.of();
    }

    @Override
    public Fitter fitter(int threadCount) {
        return FittedBaseline::of;
    }

    @Override
    public double work() {
        return 0.1;
    }
}
