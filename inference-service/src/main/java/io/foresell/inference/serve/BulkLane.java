package io.foresell.inference.serve;

import io.foresell.inference.admit.LagGate;
import io.foresell.inference.admit.SpareTime;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads of bulk streams, and their clock. After each piece of work a thread rests, so that only {@link SpareTime} is used. */
public final class BulkLane implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BulkLane.class);

    private final ThreadPoolExecutor pool;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> daemon(task, "bulk-timer")); // only asks and tells: never blocks
    private final SpareTime spareTime;

    public BulkLane(int threadCount, LagGate online, MeterRegistry meters) {
        AtomicInteger count = new AtomicInteger();
        this.spareTime = new SpareTime(online);
        // Bounded by the number of bulk streams, each of which has one message at a time.
        this.pool = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "bulk-lane-" + count.incrementAndGet()));
        Gauge.builder("inference_bulk_share", this, lane -> lane.spareTime.share())
                .description("Share of the bulk threads' time that is used while online calls come, 0.02 to 1")
                .register(meters);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Runs a short task, which must not throw, every second. */
    void everySecond(Runnable task) {
        var unused = timer.scheduleWithFixedDelay(task, 1, 1, TimeUnit.SECONDS);
    }

    /** Runs a short task later; one that comes after the end is dropped. */
    void later(long nanos, Runnable task) {
        try {
            var unused = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("bulk pause after the end", e);
        }
    }

    /** Runs the work soon; work that comes after the end is dropped, its streams are ended by then. */
    void run(Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException e) {
            log.debug("bulk work after the end", e);
        }
    }

    /** Rests after work on one of the lane's threads. */
    void rest(long workNanos) {
        spareTime.rest(workNanos);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        pool.shutdownNow();
    }
}
