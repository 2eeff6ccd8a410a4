package io.foresell.training.rollout.plan;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the gates of a rollout allow; null of a gate that is not looked at. */
public record Limits(
        @Nullable Errors errors,
        @Nullable Latency latency,
        @Nullable Drift drift,
        @Nullable Flips flips,
        @Nullable Bias calibration,
        @Nullable Outcome outcome) {
    /** The candidate's share of failed calls may exceed the champion's by {@code maxExcess}. */
    public record Errors(double maxExcess) {}

    /** The candidate's quantile of times may be {@code maxRatio} times the champion's, or {@code floorMillis}. */
    public record Latency(double quantile, double maxRatio, double floorMillis) {}

    /** Scores may differ by a population stability index and a Kolmogorov-Smirnov distance. */
    public record Drift(double maxIndex, double maxDistance) {}

    /** A share of decisions may differ on the same rows. */
    public record Flips(double maxShare) {}

    /** The mean prediction may differ from the mean outcome by {@code maxBias}; asks for a number of outcomes. */
    public record Bias(double maxBias, long outcomes) {}

    /**
     * The candidate's mean outcome may be worse by {@code margin}.
     *
     * @param name the outcome as it is reported; empty for the label
     * @param minimum the least possible outcome
     * @param maximum the greatest possible outcome
     * @param outcomes the least number of outcomes of the candidate
     * @param isLastStepOnly whether earlier steps need not pass
     */
    public record Outcome(
            String name,
            boolean isHigherBetter,
            double margin,
            double minimum,
            double maximum,
            long outcomes,
            boolean isLastStepOnly) {}

    /** Returns the number of gates. */
    public int count() {
        return (int) Stream.of(errors, latency, drift, flips, calibration, outcome)
                .filter(Objects::nonNull)
                .count();
    }

    /** Says whether any gate looks at outcomes. */
    public boolean needOutcomes() {
        return calibration != null || outcome != null;
    }
}
