package io.foresell.benchmarks.load;

/**
 * What one run saw.
 *
 * @param offeredPerSecond calls a second that were due; of a closed loop those that were started
 * @param sentPerSecond calls that were sent, a second of sending: less than was offered where the generator could not keep up
 * @param answeredPerSecond answers that came while the run lasted, a second
 * @param unsentCount calls that were due and found no place in flight before patience ended; failures, too
 * @param latencies of answers; from when the call was due, not from when it could be sent
 * @param refusals latencies of refusals, from when the call was sent: what a caller waits to hear that it is refused
 * @param sendLagP99Nanos how late calls were sent: by a full house, or by a generator that got no processor
 * @param firstFailure what the first failed call was told; empty without one
 */
public record LoadResult(
        double offeredPerSecond,
        double sentPerSecond,
        double answeredPerSecond,
        long answeredCount,
        long refusedCount,
        long failedCount,
        long unsentCount,
        Latencies latencies,
        Latencies refusals,
        long sendLagP99Nanos,
        String firstFailure) {
    /** Returns the share of calls that were refused, 0 to 1. */
    public double refusedShare() {
        long all = answeredCount + refusedCount + failedCount + unsentCount;
        return all == 0 ? 0 : refusedCount / (double) all;
    }
}
