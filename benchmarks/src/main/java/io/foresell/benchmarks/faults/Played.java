package io.foresell.benchmarks.faults;

import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.release.ReleaseHistory;

/**
 * One scenario as it went once.
 *
 * @param load what callers saw while it was played
 * @param steadyP99Nanos mean of the steady stretches before and after it
 * @param history what the history says of its answers
 * @param isShown whether it went to its end
 * @param evidence what shows that it happened, or why it does not
 */
record Played(
        String scenario,
        LoadResult load,
        double steadyP99Nanos,
        ReleaseHistory.Counts history,
        boolean isShown,
        String evidence) {
    /** Returns calls without an answer, refused and unsent ones with them. */
    long failedCount() {
        return load.failedCount() + load.refusedCount() + load.unsentCount();
    }

    double p99Ratio() {
        return load.latencies().p99Nanos() / Math.max(1, steadyP99Nanos);
    }
}
