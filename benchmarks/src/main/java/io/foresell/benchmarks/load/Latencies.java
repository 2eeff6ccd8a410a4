package io.foresell.benchmarks.load;

import org.HdrHistogram.AbstractHistogram;

/** Latencies of some calls, nanoseconds; all 0 without calls. Three digits are exact. */
public record Latencies(long p50Nanos, long p99Nanos, long p999Nanos, long maxNanos) {
    static Latencies of(AbstractHistogram histogram) {
        return new Latencies(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }
}
