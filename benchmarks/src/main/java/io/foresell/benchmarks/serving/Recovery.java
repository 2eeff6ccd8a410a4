package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.ReplyListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * When callers are answered as before again: the end of the first stretch of a quarter of a second, by when calls were due, in which every call was
 * answered and the 99th percentile is at most 1.5 times that of the same rate before. Thread-safe.
 */
final class Recovery implements ReplyListener {
    private static final double NORMAL = 1.5;
    private static final long STRETCH_NANOS = Duration.ofMillis(250).toNanos();

    private record Call(long dueNanos, long latencyNanos, boolean isAnswered) {}

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    @Override
    public void replied(long dueNanos, long sentNanos, Reply reply) {
        replied(dueNanos, System.nanoTime(), reply.outcome());
    }

    void replied(long dueNanos, long nowNanos, Reply.Outcome outcome) {
        calls.add(new Call(dueNanos, nowNanos - dueNanos, outcome == Reply.Outcome.ANSWERED));
    }

    /** Returns seconds from when the first call was due; infinite when latency never was normal again. */
    double seconds(long normalP99Nanos) {
        List<Call> byDue =
                calls.stream().sorted(Comparator.comparingLong(Call::dueNanos)).toList();
        int from = 0;
        for (int stretch = 1; from < byDue.size(); stretch++) {
            long end = byDue.get(0).dueNanos() + stretch * STRETCH_NANOS;
            int to = from;
            while (to < byDue.size() && byDue.get(to).dueNanos() < end) {
                to++;
            }
            if (to > from && isNormal(byDue.subList(from, to), normalP99Nanos)) {
                return stretch * STRETCH_NANOS / 1e9;
            }
            from = to;
        }
        return Double.POSITIVE_INFINITY;
    }

    private static boolean isNormal(List<Call> stretch, long normalP99Nanos) {
        List<Long> latencies = new ArrayList<>(
                stretch.stream().map(Call::latencyNanos).sorted().toList());
        long p99 = latencies.get((int) Math.ceil(0.99 * latencies.size()) - 1);
        return stretch.stream().allMatch(Call::isAnswered) && p99 <= NORMAL * normalP99Nanos;
    }
}
