package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.LoadResult;
import org.jspecify.annotations.Nullable;

/**
 * What one subject did in one round.
 *
 * @param saturated the closed loop
 * @param half half of that rate, as an open loop
 * @param baselineHalf the baseline at the same rate, right before or after; null without one
 * @param overload twice the saturated rate and what came after it; null when it was not asked for
 * @param cpuMicros processor time of the servers for each answer of the closed loop, microseconds; 0 when not known
 * @param stolenPercent of the time in which this machine had work to do, what its host gave to others, 0 to 100
 */
record Round(
        LoadResult saturated,
        LoadResult half,
        @Nullable LoadResult baselineHalf,
        @Nullable Overload overload,
        double cpuMicros,
        double stolenPercent) {
    /** Returns failed calls of all runs, unsent ones with them; refusals below overload count as failures. */
    long failedCount() {
        long failed = saturated.failedCount() + saturated.refusedCount();
        failed += half.failedCount() + half.unsentCount() + half.refusedCount();
        return overload == null ? failed : failed + overload.failedCount();
    }

    /** Returns what the first failed call was told; empty without one. */
    String firstFailure() {
        String first = saturated.firstFailure().isEmpty() ? half.firstFailure() : saturated.firstFailure();
        if (!first.isEmpty() || overload == null) {
            return first;
        }
        return overload.load().firstFailure().isEmpty()
                ? overload.after().firstFailure()
                : overload.load().firstFailure();
    }
}
