package io.foresell.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
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
        Run run = new Run(concurrency, start, start + duration.toNanos(), ReplyListener.NONE);
        while (System.nanoTime() < run.endNanos) {
            run.acquire(subject, 1);
            run.start(subject, System.nanoTime());
        }
        run.awaitAll(subject);
        return run.result(run.sentCount / seconds(duration), seconds(duration), 0);
    }

    /**
     * Starts a call whenever one is due, an open loop. Latency counts from when the call was due, not from when it could be sent, so that
     * a stall is charged to every call it delays (no coordinated omission). Where as many calls as may be are in flight, the next is sent
     * late and its wait counts; when no place becomes free for longer than any call may take, the rest is given up as unsent.
     */
    public static LoadResult atRate(Subject subject, Schedule schedule, ReplyListener listener)
            throws InterruptedException {
        return atRate(subject, schedule, listener, () -> false);
    }

    /** As {@link #atRate(Subject, Schedule, ReplyListener)}, but sends no more when {@code isOver} says so before the time is. */
    public static LoadResult atRate(Subject subject, Schedule schedule, ReplyListener listener, BooleanSupplier isOver)
            throws InterruptedException {
        return run(subject, List.of(new Phase(schedule, listener)), isOver).get(0);
    }

    /**
     * Runs one rate after the other as {@link #atRate(Subject, Schedule, ReplyListener)} does, without a pause in between: what the one
     * left to do the next one feels. Each may have its own calls in flight.
     *
     * @return a result for each; calls count where they were sent
     */
    public static List<LoadResult> inPhases(Subject subject, List<Phase> phases) throws InterruptedException {
        return run(subject, phases, () -> false);
    }

    private static List<LoadResult> run(Subject subject, List<Phase> phases, BooleanSupplier isOver)
            throws InterruptedException {
        List<Run> runs = new ArrayList<>();
        for (Phase phase : phases) {
            Run run = new Run(phase.schedule().maxInFlight(), System.nanoTime(), phase);
            run.sendAll(subject, isOver);
            runs.add(run);
        }
        List<LoadResult> results = new ArrayList<>();
        for (Run run : runs) {
            run.awaitAll(subject);
            results.add(run.result());
        }
        return results;
    }

    /**
     * Calls a subject once.
     *
     * @throws IllegalStateException naming the subject and what it said, when that is no answer
     */
    public static void requireAnswer(Subject subject) throws InterruptedException {
        CompletableFuture<Reply> call = subject.call();
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!call.isDone() && System.nanoTime() - end < 0) {
            subject.pass(TimeUnit.MILLISECONDS.toNanos(1));
        }
        Reply reply;
        try {
            reply = call.isDone() ? call.get() : Reply.failed("no answer");
        } catch (ExecutionException e) {
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
        private final long startNanos;
        private final long endNanos;
        private final ReplyListener listener;
        private final @Nullable Schedule schedule; // null for a closed loop
        private final Histogram answered = new ConcurrentHistogram(MAX_LATENCY_NANOS, 3);
        private final Histogram refused = new ConcurrentHistogram(MAX_LATENCY_NANOS, 3);
        private final Histogram sendLag = new Histogram(MAX_LATENCY_NANOS, 3); // written only by the sending thread
        private final LongAdder answeredInTime = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();
        private long sentCount; // the sending thread's, as the rest
        private long sendingNanos;
        private boolean isGivenUp;

        Run(int places, long startNanos, long endNanos, ReplyListener listener) {
            this(places, startNanos, endNanos, listener, null);
        }

        Run(int places, long startNanos, Phase phase) {
            this(
                    places,
                    startNanos,
                    startNanos + phase.schedule().duration().toNanos(),
                    phase.listener(),
                    phase.schedule());
        }

        private Run(int places, long startNanos, long endNanos, ReplyListener listener, @Nullable Schedule schedule) {
            this.places = places;
            this.inFlight = new Semaphore(places);
            this.startNanos = startNanos;
            this.endNanos = endNanos;
            this.listener = listener;
            this.schedule = schedule;
        }

        void sendAll(Subject subject, BooleanSupplier isOver) throws InterruptedException {
            Schedule rate = requireSchedule();
            long callCount = rate.callCount();
            while (sentCount < callCount && !isOver.getAsBoolean()) {
                long due = startNanos + rate.dueNanos(sentCount);
                for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                    subject.pass(wait);
                }
                if (!subject.acquire(inFlight, 1, PATIENCE_NANOS)) {
                    isGivenUp = true;
                    break;
                }
                start(subject, due);
            }
            sendingNanos = System.nanoTime() - startNanos;
        }

        private Schedule requireSchedule() {
            if (schedule == null) {
                throw new IllegalStateException("a closed loop has no schedule");
            }
            return schedule;
        }

        void start(Subject subject, long dueNanos) {
            long sent = System.nanoTime();
            sentCount++;
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
                case REFUSED -> refused.recordValue(bounded(now - sentNanos));
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

        void awaitAll(Subject subject) throws InterruptedException {
            acquire(subject, places);
        }

        void acquire(Subject subject, int count) throws InterruptedException {
            if (!subject.acquire(inFlight, count, PATIENCE_NANOS)) {
                throw new IllegalStateException("%d calls have not ended (expected: every call within %d s)"
                        .formatted(places - inFlight.availablePermits(), Subject.MAX_CALL_SECONDS));
            }
        }

        LoadResult result() {
            Schedule rate = requireSchedule();
            boolean isWhole = isGivenUp || sentCount == rate.callCount();
            double planned = seconds(rate.duration());
            return result(
                    rate.callsPerSecond(),
                    isWhole ? planned : Math.max(1e-3, Math.min(planned, sendingNanos / 1e9)),
                    isGivenUp ? rate.callCount() - sentCount : 0);
        }

        LoadResult result(double offeredPerSecond, double seconds, long unsentCount) {
            String failure = firstFailure.get();
            return new LoadResult(
                    offeredPerSecond,
                    sendingNanos == 0 ? offeredPerSecond : sentCount / Math.max(seconds, sendingNanos / 1e9),
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
