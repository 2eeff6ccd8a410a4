package io.foresell.benchmarks.load;

import java.time.Duration;

/**
 * Finds how many calls in flight a subject answers most calls a second with, by doubling them. The search goes to the end: on a noisy
 * machine a search that stops where doubling helps no more stops anywhere, and subjects are then compared at different loads.
 */
public final class SaturationSearch {
    private static final int LEAST = 2;
    private static final double GAIN = 1.03; // less is noise

    private SaturationSearch() {}

    /** Calls a second at a number of calls in flight. */
    @FunctionalInterface
    interface Throughput {
        double at(int concurrency) throws InterruptedException;
    }

    /** Where a subject is saturated. */
    public record Saturation(int concurrency, double callsPerSecond) {}

    /** Returns the best number of calls in flight up to {@code maxConcurrency}, by one closed loop of {@code step} each. */
    public static Saturation of(Subject subject, int maxConcurrency, Duration step) throws InterruptedException {
        return search(
                concurrency ->
                        LoadGenerator.saturate(subject, concurrency, step).answeredPerSecond(),
                maxConcurrency);
    }

    static Saturation search(Throughput throughput, int maxConcurrency) throws InterruptedException {
        Saturation best = null;
        for (int concurrency = Math.min(LEAST, maxConcurrency); concurrency <= maxConcurrency; concurrency *= 2) {
            double now = throughput.at(concurrency);
            if (best == null || now > best.callsPerSecond() * GAIN) {
                best = new Saturation(concurrency, now);
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("concurrency: %d (expected: 1 or more)".formatted(maxConcurrency));
        }
        return best;
    }
}
