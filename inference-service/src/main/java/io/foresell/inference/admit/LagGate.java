package io.foresell.inference.admit;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Refuses a share of calls while the network threads are late. Calls answered on the thread that reads them are never in
 * flight long enough to be counted: their queue is in sockets, and the lag of the threads is what they wait. Thread-safe,
 * without locks and allocation.
 *
 * <p>While the threads are late the share follows the PIE controller of RFC 8033 (section 4.2) every 15 ms, for a target lag of
 * 5 ms and with gains eight times as great, as the target is a third and the queue is ours alone:
 *
 * <pre>share = share + 1/s x (lag - target) + 10/s x (lag - lag before), by at most 0.05, within [0, 0.9]</pre>
 *
 * and otherwise falls to {@code 0.98 x share - 0.005}; as in its section 4.4, a burst of 100 ms passes. A lag is a queue only when calls wait: by Little's law arrivals x lag of
 * them do, and below {@value #LEAST_QUEUE} the machine is slow, or the garbage collector at work, and refusing helps nobody.
 */
public final class LagGate {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long TARGET_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final double ALPHA = 1;
    private static final double BETA = 10;
    private static final double MOST_RISE = 0.05;
    private static final double MOST_SHARE = 0.9; // some calls must pass, or the lag of none would be seen
    private static final double DECAY = 0.98;
    private static final double FALL = 0.005;
    private static final double LEAST_QUEUE = 64;
    private static final double NANOS_A_SECOND = 1e9;

    private final LongSupplier lagNanos;
    private final LongSupplier nanoClock;
    private final LongAdder arrivals = new LongAdder();
    private final AtomicLong nextUpdate;
    private volatile double share; // written, as all below, only by the thread that won the update

    private volatile long lateSince;
    private volatile boolean isLate;
    private volatile long lagBefore;
    private volatile long updatedAt;
    private volatile long lastArrivalAt;

    /**
     * Makes a gate that lets everything pass.
     *
     * @param lagNanos how late the network threads are
     */
    public LagGate(LongSupplier lagNanos, LongSupplier nanoClock) {
        this.lagNanos = lagNanos;
        this.nanoClock = nanoClock;
        this.updatedAt = nanoClock.getAsLong();
        this.lastArrivalAt = updatedAt;
        this.nextUpdate = new AtomicLong(updatedAt + PERIOD_NANOS);
    }

    /** Says whether a call may pass. */
    boolean lets() {
        arrivals.increment();
        update();
        double refused = share;
        return refused <= 0 || ThreadLocalRandom.current().nextDouble() >= refused;
    }

    /** Returns the share of calls refused, in [0, 0.9]. */
    public double share() {
        update(); // without calls nobody else does
        return share;
    }

    /** Returns for how long no call asked, nanoseconds, to 15 ms. */
    public long quietNanos() {
        return nanoClock.getAsLong() - lastArrivalAt;
    }

    /** Returns how late the network threads were lately, nanoseconds. */
    public long lagNanos() {
        return lagBefore;
    }

    private void update() {
        long now = nanoClock.getAsLong();
        long due = nextUpdate.get();
        if (now - due < 0 || !nextUpdate.compareAndSet(due, now + PERIOD_NANOS)) {
            return;
        }
        double seconds = Math.max(1, now - updatedAt) / NANOS_A_SECOND;
        updatedAt = now;
        long arrivalCount = arrivals.sumThenReset();
        if (arrivalCount > 0) {
            lastArrivalAt = now;
        }
        adapt(now, lagNanos.getAsLong(), arrivalCount / seconds);
    }

    private void adapt(long now, long lag, double arrivalsPerSecond) {
        boolean isQueue = arrivalsPerSecond * lag / NANOS_A_SECOND >= LEAST_QUEUE;
        boolean wasLate = isLate;
        isLate = isQueue && lag >= (wasLate ? TARGET_NANOS / 2 : TARGET_NANOS);
        if (isLate && !wasLate) {
            lateSince = now;
        }
        if (!isLate) {
            share = Math.max(0, share * DECAY - FALL);
        } else if (share > 0 || now - lateSince >= BURST_NANOS) {
            double change = (ALPHA * (lag - TARGET_NANOS) + BETA * (lag - lagBefore)) / NANOS_A_SECOND;
            share = Math.max(0, Math.min(MOST_SHARE, share + Math.min(MOST_RISE, change)));
        }
        lagBefore = lag;
    }
}
