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
 * <p>The law, every 15 ms in which a call comes:
 *
 * <pre>
 * target = 2 s                                              until warm
 *        = max(30 ms, time in which 64 calls are let pass)  from then on, 2 s at most
 * share begins to rise when the standing lag reaches the target
 * share  = share + 0.03 (lag - target) / target + 0.3 (lag - lag before) / target, by at most 0.05 up or down, within [0, 0.9]
 *        = 0.98 share - 0.005                               while the lag is below half of the target
 * </pre>
 *
 * <p>This is the PIE controller of RFC 8033 (section 4.2) with gains relative to the target, begun by the standing queue of CoDel
 * ({@link io.foresell.kit.StandingLag}), so that a burst, a stall or a starved machine that keeps up is no overload. What the
 * process can do is in the target: where calls take longer, 64 of them may wait longer.
 *
 * <p>A process is warm when it has let {@value #WARM_CALLS} calls pass, calls came for 10 s, and it was once less late than the target
 * to come: while code is interpreted or the first queue drains it does not know how fast it is. Where that never happens, it counts as warm when
 * calls came for a minute.
 */
public final class LagGate {
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final double LEAST_TARGET_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final double MOST_TARGET_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final double QUEUE_LENGTH = 64;
    private static final double PROPORTIONAL = 0.03;
    private static final double DERIVATIVE = 0.3;
    private static final double MOST_STEP = 0.05;
    private static final double MOST_SHARE = 0.9; // some calls must pass, or the lag of none would be seen
    private static final double DECAY = 0.98;
    private static final double FALL = 0.005;

    private static final int WARM_CALLS = 3000;
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SURELY_WARM_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long MOST_COUNTED_NANOS = TimeUnit.MILLISECONDS.toNanos(100); // between two calls

    private static final double RATE_NANOS = TimeUnit.MILLISECONDS.toNanos(500); // time constants of the two means
    private static final double MEAN_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double NANOS_A_SECOND = 1e9;

    private final LongSupplier lagNanos;
    private final LongSupplier standingLagNanos;
    private final LongSupplier nanoClock;
    private final LongAdder arrivals = new LongAdder();
    private final LongAdder passed = new LongAdder();
    private final AtomicLong nextUpdate;
    private volatile double share; // written, as all below, only by the thread that won the update

    private volatile boolean isWarm;
    private volatile double meanLagNanos;
    private volatile double passedPerSecond;
    private volatile long passedCount;
    private volatile long busyNanos; // with calls
    private volatile long lagBefore;
    private volatile long updatedAt;
    private volatile long lastArrivalAt;

    /**
     * Makes a gate that lets everything pass.
     *
     * @param lagNanos how late the network threads are
     * @param standingLagNanos how late they were at least for some time
     */
    public LagGate(LongSupplier lagNanos, LongSupplier standingLagNanos, LongSupplier nanoClock) {
        this.lagNanos = lagNanos;
        this.standingLagNanos = standingLagNanos;
        this.nanoClock = nanoClock;
        this.updatedAt = nanoClock.getAsLong();
        this.lastArrivalAt = updatedAt;
        this.nextUpdate = new AtomicLong(updatedAt + PERIOD_NANOS);
    }

    /** Says whether calls were refused lately: {@link #share} without a look at the clock. */
    boolean isShedding() {
        return share > 0;
    }

    /** Says whether a call is refused. Any other is to {@link #pass}. */
    boolean refuses() {
        double refused = share;
        if (refused <= 0 || ThreadLocalRandom.current().nextDouble() >= refused) {
            return false;
        }
        arrivals.increment();
        return true;
    }

    /** Takes a call that was not refused. */
    void pass() {
        arrivals.increment();
        passed.increment();
        update();
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

    /** Returns how late they were in the last 200 ms on the whole, nanoseconds. */
    public long meanLagNanos() {
        return (long) meanLagNanos;
    }

    /** Says whether the process knows how fast it is; until then it bears a lag of 2 s. */
    public boolean isWarm() {
        return isWarm;
    }

    private void update() {
        long now = nanoClock.getAsLong();
        long due = nextUpdate.get();
        if (now - due < 0 || !nextUpdate.compareAndSet(due, now + PERIOD_NANOS)) {
            return;
        }
        long elapsed = Math.max(1, now - updatedAt);
        updatedAt = now;
        long lag = lagNanos.getAsLong();
        long passedNow = passed.sumThenReset();
        passedPerSecond = mean(passedPerSecond, passedNow * NANOS_A_SECOND / elapsed, elapsed / RATE_NANOS);
        meanLagNanos = mean(meanLagNanos, (double) lag, elapsed / MEAN_LAG_NANOS);
        if (arrivals.sumThenReset() > 0) {
            lastArrivalAt = now;
            learn(elapsed, passedNow, lag);
        }
        adapt(lag);
    }

    /** Returns the exponentially weighted mean after so many time constants. */
    private static double mean(double before, double value, double timeConstants) {
        return value + (before - value) * Math.exp(-timeConstants);
    }

    private void learn(long elapsed, long passedNow, long lag) {
        if (isWarm) {
            return;
        }
        long calls = passedCount + passedNow;
        long nanos = busyNanos + Math.min(elapsed, MOST_COUNTED_NANOS);
        passedCount = calls;
        busyNanos = nanos;
        boolean hasKeptUp = nanos >= WARM_NANOS && lag < warmTargetNanos();
        isWarm = calls >= WARM_CALLS && (hasKeptUp || nanos >= SURELY_WARM_NANOS);
    }

    private double warmTargetNanos() {
        double queueNanos = QUEUE_LENGTH * NANOS_A_SECOND / Math.max(1, passedPerSecond);
        return Math.min(MOST_TARGET_NANOS, Math.max(LEAST_TARGET_NANOS, queueNanos));
    }

    private void adapt(long lag) {
        double target = isWarm ? warmTargetNanos() : MOST_TARGET_NANOS;
        if (share > 0 || standingLagNanos.getAsLong() >= target) {
            if (lag < target / 2) {
                share = Math.max(0, share * DECAY - FALL);
            } else {
                double step = (PROPORTIONAL * (lag - target) + DERIVATIVE * (lag - lagBefore)) / target;
                share = clamp(share + clamp(step, -MOST_STEP, MOST_STEP), 0, MOST_SHARE);
            }
        }
        lagBefore = lag;
    }

    private static double clamp(double value, double least, double most) {
        return Math.max(least, Math.min(most, value));
    }
}
