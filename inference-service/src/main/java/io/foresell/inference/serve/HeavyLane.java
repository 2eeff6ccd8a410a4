package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs batches that would hold up the network thread. When its queue is full a batch is refused, so that callers slow down. */
public final class HeavyLane implements AutoCloseable {
    private static final int QUEUE_LENGTH = 64;

    // What other calls on the same network thread may have to wait; reading and writing rows counts too, hence both.
    private static final int LIGHT_ROWS = 256;
    private static final double LIGHT_NANOS = 2e6;

    private final ThreadPoolExecutor pool;

    public HeavyLane(int threadCount, MeterRegistry meters) {
        AtomicInteger count = new AtomicInteger();
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

    /**
     * Runs the work soon.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when the queue is full
     */
    public void run(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            throw new ServiceException(
                    Failure.exhausted(
                            "HEAVY_QUEUE_FULL",
                            "large batches waiting: %d (expected: below %d)".formatted(QUEUE_LENGTH, QUEUE_LENGTH),
                            Duration.ofMillis(500)),
                    e);
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
