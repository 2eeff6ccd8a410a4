package io.foresell.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Calls a subject in two ways: as fast as it answers, and at a constant rate whatever it answers. */
public final class LoadGenerator {
    private static final long MAX_LATENCY_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(Subject.MAX_CALL_SECONDS + 5);

    private LoadGenerator() {}

    /** Keeps {@code concurrency} calls in flight for the duration: the saturating load, a closed loop. Latency counts from sending. */
    public static LoadResult saturate(Subject subject, int concurrency, Duration duration) throws InterruptedException {
        long start = System.nanoTime();
        Run run = new Run(concurrency, start + duration.toNanos(), ReplyListener.NONE);
        long count = 0;
        while (System.nanoTime() < run.endNanos) {
            run.inFlight.acquire();
            run.start(subject, System.nanoTime());
            count++;
        }
        run.awaitAll();
        return run.result(count / seconds(duration), seconds(duration), 0);
    }

    /**
     * Starts a call whenever one is due, an open loop. Latency counts from when the call was due, not from when it could be sent, so that
     * a stall is charged to every call it delays (no coordinated omission). Where as many calls as may be are in flight, the next is sent
     * late and its wait counts; when no place becomes free for longer than any call may take, the rest is given up as unsent.
     */
    public static LoadResult atRate(Subject subject, Schedule schedule, ReplyListener listener)
            throws InterruptedException {
        long start = System.nanoTime();
        Run run = new Run(schedule.maxInFlight(), start + schedule.duration().toNanos(), listener);
        long callCount = schedule.callCount();
        long sent = 0;
        while (sent < callCount) {
            long due = start + schedule.dueNanos(sent);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            if (!run.inFlight.tryAcquire(PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
                break;
            }
            run.start(subject, due);
            sent++;
        }
        run.awaitAll();
        return run.result(schedule.callsPerSecond(), seconds(schedule.duration()), callCount - sent);
    }

    /**
     * Calls a subject once.
     *
     * @throws IllegalStateException naming the subject and what it said, when that is no answer
     */
    public static void requireAnswer(Subject subject) throws InterruptedException {
        Reply reply;
        try {
            reply = subject.call().get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            reply = Reply.failed(String.valueOf(e));
        }
        if (reply.outcome() != Reply.Outcome.ANSWERED) {
            throw new IllegalStateException(
                    "%s: %s (expected: an answer to the first request)".formatted(subject.name(), reply.detail()));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static final class Run {
        private final Semaphore inFlight;
        private final int places;
        private final long endNanos;
        private final ReplyListener listener;
        private final Histogram answered = new ConcurrentHistogram(MAX_LATENCY_NANOS, 3);
        private final Histogram refused = new ConcurrentHistogram(MAX_LATENCY_NANOS, 3);
        private final Histogram sendLag = new Histogram(MAX_LATENCY_NANOS, 3); // written only by the sending thread
        private final LongAdder answeredInTime = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();

        Run(int places, long endNanos, ReplyListener listener) {
            this.places = places;
            this.inFlight = new Semaphore(places);
            this.endNanos = endNanos;
            this.listener = listener;
        }

        void start(Subject subject, long dueNanos) {
            long sent = System.nanoTime();
            sendLag.recordValue(bounded(sent - dueNanos));
            CompletableFuture<Reply> call;
            try {
                call = subject.call();
            } catch (RuntimeException e) {
                call = CompletableFuture.failedFuture(e);
            }
            var unused = call.whenComplete((reply, error) -> {
                count(reply == null ? Reply.failed(String.valueOf(error)) : reply, dueNanos, sent);
                inFlight.release();
            });
        }

        private void count(Reply reply, long dueNanos, long sentNanos) {
            long now = System.nanoTime();
            switch (reply.outcome()) {
                case ANSWERED -> {
                    answered.recordValue(bounded(now - dueNanos));
                    if (now <= endNanos) {
                        answeredInTime.increment();
                    }
                }
                case REFUSED -> refused.recordValue(bounded(now - dueNanos));
                case FAILED -> {
                    failed.increment();
                    firstFailure.compareAndSet(null, reply.detail());
                }
            }
            listener.replied(dueNanos, sentNanos, reply);
        }

        private static long bounded(long nanos) {
            return Math.max(0, Math.min(nanos, MAX_LATENCY_NANOS));
        }

        void awaitAll() throws InterruptedException {
            if (!inFlight.tryAcquire(places, PATIENCE_NANOS, TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("%d calls have not ended (expected: every call within %d s)"
                        .formatted(places - inFlight.availablePermits(), Subject.MAX_CALL_SECONDS));
            }
        }

        LoadResult result(double offeredPerSecond, double seconds, long unsentCount) {
            String failure = firstFailure.get();
            return new LoadResult(
                    offeredPerSecond,
                    answeredInTime.sum() / seconds,
                    answered.getTotalCount(),
                    refused.getTotalCount(),
                    failed.sum(),
                    unsentCount,
                    Latencies.of(answered),
                    Latencies.of(refused),
                    sendLag.getValueAtPercentile(99),
                    failure == null ? "" : failure);
        }
    }
}
