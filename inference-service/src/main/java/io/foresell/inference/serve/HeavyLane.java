package io.foresell.inference.serve;

import io.foresell.inference.admit.AdaptiveLimit;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Deadline;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs batches that would hold up the network thread, and tells the adaptive limit how long they waited. A batch that finds the
 * queue full, or so much work before it that its deadline would pass, is refused at once.
 */
public final class HeavyLane implements AutoCloseable {
    private static final int QUEUE_LENGTH = 64;

    // What other calls on the same network thread may have to wait; reading and writing rows counts too, hence both.
    private static final int LIGHT_ROWS = 256;
    private static final double LIGHT_NANOS = 2e6;

    private final ThreadPoolExecutor pool;
    private final AdaptiveLimit limit;
    private final AtomicLong queuedNanos = new AtomicLong(); // estimated time of what waits or runs

    public HeavyLane(int threadCount, AdaptiveLimit limit, MeterRegistry meters) {
        AtomicInteger count = new AtomicInteger();
        this.limit = limit;
        this.pool = new ThreadPoolExecutor(
                threadCount, threadCount, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_LENGTH), task -> {
                    Thread thread = new Thread(task, "heavy-lane-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        Gauge.builder("inference_heavy_queue_length", pool, lane -> lane.getQueue()
                        .size())
                .description("Large batches waiting for a thread")
                .register(meters);
    }

    /** Returns whether a batch is for this lane: more than 256 rows, or estimated to take longer than 2 ms. */
    public static boolean isHeavy(int rowCount, double estimatedNanos) {
        return rowCount > LIGHT_ROWS || estimatedNanos > LIGHT_NANOS;
    }

    /** Returns the estimated time of what waits and runs before the next batch. */
    public long waitNanos() {
        return queuedNanos.get() / pool.getCorePoolSize();
    }

    /**
     * Runs the work soon.
     *
     * @param estimatedNanos what it takes at least
     * @throws ServiceException RESOURCE_EXHAUSTED when the queue is full or too long for the deadline
     */
    public void run(long estimatedNanos, Runnable work) {
        long beforeNanos = waitNanos();
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null && deadline.timeRemaining(TimeUnit.NANOSECONDS) < beforeNanos) {
            throw full("large batches: %d ms of work waiting (expected: less than the deadline leaves)"
                    .formatted(TimeUnit.NANOSECONDS.toMillis(beforeNanos)));
        }
        long queuedAt = System.nanoTime();
        queuedNanos.addAndGet(estimatedNanos);
        try {
            pool.execute(() -> runNow(queuedAt, estimatedNanos, work));
        } catch (RejectedExecutionException e) {
            queuedNanos.addAndGet(-estimatedNanos);
            throw full("large batches waiting: %d (expected: below %d)".formatted(QUEUE_LENGTH, QUEUE_LENGTH));
        }
    }

    private void runNow(long queuedAt, long estimatedNanos, Runnable work) {
        long startedAt = System.nanoTime();
        try {
            work.run();
        } finally {
            queuedNanos.addAndGet(-estimatedNanos);
            long endedAt = System.nanoTime();
            limit.ranHeavy(endedAt - queuedAt, endedAt - startedAt);
        }
    }

    private static ServiceException full(String message) {
        return new ServiceException(Failure.exhausted("HEAVY_QUEUE_FULL", message, Duration.ofMillis(500)));
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
