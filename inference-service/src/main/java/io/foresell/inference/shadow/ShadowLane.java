package io.foresell.inference.shadow;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.admit.LagGate;
import io.foresell.inference.admit.SpareTime;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.WeightedVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One thread that scores copies of answered rows with shadow versions. It rests after each piece of work so that only
 * {@link SpareTime} is used. At most {@value #MAX_TASKS} copies of {@value #MAX_VALUES} numbers in sum wait; one above is dropped and
 * counted. Thread-safe.
 */
public final class ShadowLane implements AutoCloseable {
    private static final int MAX_TASKS = 512;
    private static final long MAX_VALUES = 4_000_000; // about 16 MB

    private final ShadowRows reader;
    private final ShadowScores scores;
    private final SpareTime spareTime;
    private final Counter copied;
    private final Counter dropped;
    private final Thread thread = new Thread(this::run, "shadow-lane");

    @GuardedBy("this")
    private final Queue<ShadowTask> waiting = new ArrayDeque<>();

    @GuardedBy("this")
    private long waitingValues;

    @GuardedBy("this")
    private boolean isClosed;

    /** Starts the thread. */
    public ShadowLane(FeatureLookup lookup, LagGate online, ShadowScores scores, MeterRegistry meters) {
        this.reader = new ShadowRows(lookup);
        this.scores = scores;
        this.spareTime = new SpareTime(online);
        this.copied = Counter.builder("inference_shadow_copied_rows")
                .description("Rows taken for a shadow")
                .register(meters);
        this.dropped = Counter.builder("inference_shadow_dropped_rows")
                .description("Rows not scored by a shadow because its queue was full")
                .register(meters);
        Gauge.builder("inference_shadow_queue_length", this, ShadowLane::length)
                .description("Copies of answered rows that wait for a shadow")
                .register(meters);
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a copy of answered rows for each shadow of their release, as far as their subjects are copied. Never waits or throws. */
    public void copy(AnsweredRows answered) {
        ModelSlot slot = answered.slot();
        for (WeightedVersion shadow : slot.shadows()) {
            int[] places = IntStream.range(0, answered.rows().rowCount())
                    .filter(row -> slot.isCopied(answered.key(row), shadow))
                    .toArray();
            if (places.length > 0) {
                offer(new ShadowTask(answered, shadow.served(), places));
            }
        }
    }

    private void offer(ShadowTask task) {
        synchronized (this) {
            boolean fits = waiting.size() < MAX_TASKS && waitingValues + task.values() <= MAX_VALUES;
            if (fits && !isClosed) {
                waiting.add(task);
                waitingValues += task.values();
                copied.increment(task.rowCount());
                notifyAll();
                return;
            }
        }
        task.drop();
        dropped.increment(task.rowCount());
    }

    private synchronized @Nullable ShadowTask take() throws InterruptedException {
        while (waiting.isEmpty() && !isClosed) {
            wait();
        }
        ShadowTask task = isClosed ? null : waiting.remove();
        waitingValues -= task == null ? 0 : task.values();
        return task;
    }

    private synchronized int length() {
        return waiting.size();
    }

    private void run() {
        try {
            for (ShadowTask task = take(); task != null; task = take()) {
                task.run(reader, scores, spareTime);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            waiting.clear();
            notifyAll();
        }
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
