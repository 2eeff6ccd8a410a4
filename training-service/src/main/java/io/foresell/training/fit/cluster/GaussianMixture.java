package io.foresell.training.fit.cluster;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Fits a mixture of normal distributions by expectation maximisation on standardised numbers and one-hot texts.
 *
 * @param restarts 1 to 100; the one with the greatest likelihood counts
 * @param maxPasses most passes of a restart, 1 to 10,000
 * @param regularization added to every variance, 1e-5 to 1; smaller ones would be lost in the floats that serve
 */
public record GaussianMixture(
        ClusterCount count, CovarianceKind covariance, int restarts, int maxPasses, double regularization)
        implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final GaussianMixture DEFAULT =
            new GaussianMixture(ClusterCount.between(2, 10), CovarianceKind.FULL, 5, 200, 1e-3);

    public GaussianMixture {
        Ranges.require("restarts", restarts, 1, 100);
        Ranges.require("max_passes", maxPasses, 1, 10_000);
        Ranges.require("regularization", regularization, 1e-5, 1);
    }

    @Override
    public String key() {
        return "gaussian_mixture";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.CLUSTERS);
    }

    @Override
    public Map<String, String> asText() {
        return count.asText(Map.of(
                "covariance", covariance.name().toLowerCase(Locale.ROOT),
                "restarts", Integer.toString(restarts),
                "max_passes", Integer.toString(maxPasses),
                "regularization", Double.toString(regularization)));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new GaussianMixtureFitter(this, threadCount);
    }

    @Override
    public double work() {
        return count.isChosen() ? 20 : 4;
    }
}
