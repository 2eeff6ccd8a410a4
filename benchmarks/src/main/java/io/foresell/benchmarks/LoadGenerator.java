package io.foresell.benchmarks;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Calls a subject in two ways: as fast as it answers, and at a fixed rate whatever it answers. */
final class LoadGenerator {
    private static final long MAX_LATENCY_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** What one run saw. Latencies are in nanoseconds. */
    record Result(double callsPerSecond, long failedCount, long p50Nanos, long p99Nanos) {}

    private LoadGenerator() {}

    /** Keeps {@code concurrency} calls in flight for the duration: the saturating load. */
    static Result saturate(Subject subject, int concurrency, Duration duration) throws InterruptedException {
        Run run = new Run(concurrency);
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        while (System.nanoTime() < end) {
            run.inFlight.acquire();
            run.start(subject, System.nanoTime());
        }
        run.awaitAll();
        return run.result(System.nanoTime() - start);
    }

    /**
     * Starts a call at every tick of a fixed schedule. Latency counts from the tick, not from when the call could be sent, so that a
     * stall is charged to every call it delays (no coordinated omission). At most {@code maxInFlight} calls wait at once; the schedule
     * then slips and the wait counts.
     */
    static Result atRate(Subject subject, double callsPerSecond, int maxInFlight, Duration duration)
            throws InterruptedException {
        Run run = new Run(maxInFlight);
        long start = System.nanoTime();
        long tickNanos = (long) (1e9 / callsPerSecond);
        long callCount = (long) (callsPerSecond * duration.toNanos() / 1e9);
        for (long i = 0; i < callCount; i++) {
            long due = start + i * tickNanos;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            run.inFlight.acquire();
            run.start(subject, due);
        }
        run.awaitAll();
        return run.result(System.nanoTime() - start);
    }

    private static final class Run {
        private final Semaphore inFlight;
        private final int places;
        private final Histogram latencies = new ConcurrentHistogram(MAX_LATENCY_NANOS, 3);
        private final LongAdder failed = new LongAdder();

        Run(int places) {
            this.places = places;
            this.inFlight = new Semaphore(places);
        }

        void start(Subject subject, long sinceNanos) {
            CompletableFuture<?> unused = subject.call().whenComplete((answer, error) -> {
                if (error == null) {
                    latencies.recordValue(Math.min(System.nanoTime() - sinceNanos, MAX_LATENCY_NANOS));
                } else {
                    failed.increment();
                }
                inFlight.release();
            });
        }

        void awaitAll() throws InterruptedException {
            if (!inFlight.tryAcquire(places, 60, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "calls without an answer for 60 s: " + (places - inFlight.availablePermits()));
            }
        }

        Result result(long elapsedNanos) {
            return new Result(
                    latencies.getTotalCount() * 1e9 / elapsedNanos,
                    failed.sum(),
                    latencies.getValueAtPercentile(50),
                    latencies.getValueAtPercentile(99));
        }
    }
}
