package io.foresell.inference.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * How a model is asked for, whatever release serves it and whether it is in memory. Thread-safe. A call writes to two striped counters and
 * reads one field, which is written ten times a second at most: callers of a busy model do not wait for each other's cache lines.
 */
public final class Usage {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LongAdder begun = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private volatile long lastNanos;
    private final LongAdder loadsOnDemand = new LongAdder();
    private final LongAdder parkings = new LongAdder();

    /** Makes the usage of a model that was asked for last at a time of {@link System#nanoTime}. */
    public Usage(long lastNanos) {
        this.lastNanos = lastNanos;
    }

    /** Returns things by when they were asked for last, longest ago first; that they are asked for meanwhile changes nothing. */
    public static <T> List<T> oldestFirst(Collection<T> things, Function<T, Usage> usageOf) {
        record Asked<E>(E thing, long agoNanos) {}
        long now = System.nanoTime();
        return things.stream()
                .map(thing -> new Asked<>(thing, now - usageOf.apply(thing).lastNanos()))
                .sorted(Comparator.comparingLong((Asked<T> asked) -> asked.agoNanos())
                        .reversed())
                .map(Asked::thing)
                .toList();
    }

    /** Counts a call that the model in memory answers; each is ended by {@link #end} once. */
    public void begin(long nowNanos) {
        begun.increment();
        asked(nowNanos);
    }

    /** Remembers that the model is asked for. */
    public void asked(long nowNanos) {
        if (nowNanos - lastNanos > STEP_NANOS) {
            lastNanos = nowNanos;
        }
    }

    /** Counts the end of a call. */
    public void end() {
        ended.increment();
    }

    /** Returns whether no call is in flight. */
    public boolean isIdle() {
        long before = ended.sum(); // first: a call that begins and ends in between must not hide another one
        return begun.sum() == before;
    }

    /** Returns the calls that the model in memory answered or is answering. */
    public long hits() {
        return begun.sum();
    }

    /**
     * Returns when the model was asked for last, a tenth of a second too early at most, and not before it was last loaded on demand; a time
     * of {@link System#nanoTime}.
     */
    public long lastNanos() {
        return lastNanos;
    }

    public long loadsOnDemand() {
        return loadsOnDemand.sum();
    }

    public long parkings() {
        return parkings.sum();
    }

    /**
     * Counts a load on demand, and remembers its time as it is: loads are few, and models that were loaded shortly after each other leave
     * memory in that order.
     */
    public void loadedOnDemand(long nowNanos) {
        loadsOnDemand.increment();
        lastNanos = nowNanos;
    }

    /** Counts that the model left memory. */
    public void parked() {
        parkings.increment();
    }
}
