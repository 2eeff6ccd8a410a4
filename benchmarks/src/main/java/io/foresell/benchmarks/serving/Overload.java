package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.LoadResult;

/**
 * Twice the saturated rate, and what came right after it.
 *
 * @param load while it lasted
 * @param after half of the saturated rate, begun when the last call of the overload was sent
 * @param recoverySeconds from there until latency was that of half the rate before; infinite when it never was
 * @param residentBeforeMib memory of the servers before, 0 when not known
 * @param residentAfterMib memory of the servers at the end of {@code after}, 0 when not known
 */
record Overload(
        LoadResult load, LoadResult after, double recoverySeconds, double residentBeforeMib, double residentAfterMib) {
    /** Returns failed calls; refusals are none while it lasts. */
    long failedCount() {
        return load.failedCount() + load.unsentCount() + after.failedCount() + after.unsentCount();
    }
}
