package io.foresell.kit;

import java.util.concurrent.TimeUnit;

/**
 * The least lag of the last half to whole second. A queue that empties once in that time is a burst, or a machine that was
 * busy elsewhere, and refusing calls would not shorten it; what never empties stands ("Controlling Queue Delay", Nichols and
 * Jacobson, ACM Queue 2012). Written by one thread, read by any.
 */
public final class StandingLag {
    private static final long HALF_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private long halfEndNanos;
    private long leastNow = Long.MAX_VALUE; // of the half that is measured
    private long leastBefore; // of the half before; a thread that was never seen late has no queue
    private volatile long nanos;

    /** Starts without lag. */
    public StandingLag(long nowNanos) {
        this.halfEndNanos = nowNanos + HALF_NANOS;
    }

    /** Takes how late the thread is; a thread that stands still measures nothing and keeps what it had. */
    public void add(long nowNanos, long lagNanos) {
        leastNow = Math.min(leastNow, lagNanos);
        nanos = Math.min(leastNow, leastBefore);
        if (nowNanos - halfEndNanos >= 0) {
            halfEndNanos = nowNanos + HALF_NANOS;
            leastBefore = leastNow;
            leastNow = Long.MAX_VALUE;
        }
    }

    /** Returns the lag that stands, nanoseconds, 0 or more. */
    public long nanos() {
        return nanos;
    }
}
