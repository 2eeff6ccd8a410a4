package io.foresell.inference.serve;

import io.foresell.inference.admit.LagGate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of bulk streams, and their clock. After each piece of work a thread rests so that only a share of its time is used: all of it while
 * no online call came for a second; else a share that falls by a third every 20 ms while network threads are more than 1 ms late and rises by
 * a fiftieth while they are not, between 2 % and 50 %. Additive rise and multiplicative fall, as in TCP, find what is left over
 * without knowing how much that is.
 */
public final class BulkLane implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BulkLane.class);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double LEAST_SHARE = 0.02;
    private static final double MOST_SHARE = 0.5;
    private static final double FALL = 2.0 / 3;
    private static final double RISE = 0.02;

    private final ThreadPoolExecutor pool;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> daemon(task, "bulk-timer")); // only asks and tells: never blocks
    private final LagGate online;
    private volatile double share = MOST_SHARE; // racing writers of two threads both write a sound value
    private volatile long nextStep = System.nanoTime();

    public BulkLane(int threadCount, LagGate online, MeterRegistry meters) {
        AtomicInteger count = new AtomicInteger();
        this.online = online;
        // Bounded by the number of bulk streams, each of which has one message at a time.
        this.pool = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "bulk-lane-" + count.incrementAndGet()));
        Gauge.builder("inference_bulk_share", this, lane -> lane.share)
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
        step();
        double used = share;
        if (used < 1) {
            LockSupport.parkNanos(Math.min(MAX_REST_NANOS, (long) (workNanos * (1 / used - 1))));
        }
    }

    private void step() {
        long now = System.nanoTime();
        if (now - nextStep < 0) {
            return;
        }
        nextStep = now + STEP_NANOS;
        double shed = online.share(); // also brings what is asked below up to date
        if (online.quietNanos() > QUIET_NANOS) {
            share = 1;
        } else if (shed > 0 || online.lagNanos() > LATE_NANOS) {
            share = Math.max(LEAST_SHARE, Math.min(MOST_SHARE, share) * FALL);
        } else {
            share = Math.min(MOST_SHARE, share + RISE);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        pool.shutdownNow();
    }
}
