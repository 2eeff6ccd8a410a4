package io.foresell.inference.admit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How much of its time a background thread may use, so that online calls do not wait for it: all of it while no online call came for a
 * second; else a share that falls by a third every 20 ms while network threads are more than 1 ms late and rises by
 * a fiftieth while they are not, between 2 % and 50 %. Additive rise and multiplicative fall, as in TCP, find what is left over
 * without knowing how much that is. Thread-safe.
 */
public final class SpareTime {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAX_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double LEAST_SHARE = 0.02;
    private static final double MOST_SHARE = 0.5;
    private static final double FALL = 2.0 / 3;
    private static final double RISE = 0.02;

    private final LagGate online;
    private volatile double share = MOST_SHARE; // racing writers of two threads both write a sound value
    private volatile long nextStep = System.nanoTime();

    public SpareTime(LagGate online) {
        this.online = online;
    }

    /** Returns the share in force, 0.02 to 1. */
    public double share() {
        return share;
    }

    /** Rests after work on the thread that did it. */
    public void rest(long workNanos) {
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
}
