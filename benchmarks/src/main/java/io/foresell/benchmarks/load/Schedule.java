package io.foresell.benchmarks.load;

import java.time.Duration;
import java.util.Locale;

/**
 * Calls at a constant rate.
 *
 * @param callsPerSecond above 0, at most 1,000,000
 * @param maxInFlight calls without an answer above which the next one waits, 1 to 1,000,000; its wait counts
 * @param duration 1 ms to 1 day
 */
public record Schedule(double callsPerSecond, int maxInFlight, Duration duration) {
    private static final int MILLION = 1_000_000;

    public Schedule {
        if (!(callsPerSecond > 0 && callsPerSecond <= MILLION)) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT, "calls per second: %s (expected: above 0, at most 1000000)", callsPerSecond));
        }
        if (maxInFlight < 1 || maxInFlight > MILLION) {
            throw new IllegalArgumentException("calls in flight: %d (expected: 1..1000000)".formatted(maxInFlight));
        }
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("duration: %s (expected: 1 ms to 1 day)".formatted(duration));
        }
    }

    /** Returns how many calls are due. */
    public long callCount() {
        return Math.max(1, (long) (callsPerSecond * duration.toNanos() / 1e9));
    }

    /** Returns when a call is due, nanoseconds after the start. */
    long dueNanos(long call) {
        return (long) (call * 1e9 / callsPerSecond);
    }
}
