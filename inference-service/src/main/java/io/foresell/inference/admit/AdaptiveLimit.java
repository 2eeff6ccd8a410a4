package io.foresell.inference.admit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A limit on calls in flight that follows measured latency. Thread-safe, without locks; taking a place is one compare-and-set
 * and allocates nothing.
 *
 * <p>After each window of 100 ms with at least ten samples:
 *
 * <pre>
 * stretch  = weighted mean over kinds of work of (latency / latency without queueing), 1 or more
 * gradient = clamp(1.5 / stretch, 0.5, 1)
 * limit    = limit + sqrt(limit)                        when the gradient is 1 and places were scarce
 *          = limit x (1 + gradient) / 2                 when it is below 1
 * </pre>
 *
 * This is the gradient of Netflix's "Performance Under Load: Adaptive Concurrency Limits" (2018), itself after the delay-based
 * TCP Vegas (Brakmo and Peterson, 1995), with two changes. The quotient is taken per kind of work before the mean, so that many
 * slow calls of a slow kind are no sign of a queue. And the latency without queueing is the least mean of a window, not the
 * least single call, which is luck. It is the least of the last {@value #EPOCH_WINDOWS} to twice as many windows, so that an old
 * best day is forgotten; where calls queued all the time, two windows at half the limit show it anew, as BBR drains its queue to
 * see the round trip (Cardwell and others, "BBR: Congestion-Based Congestion Control", ACM Queue 2016).
 */
public final class AdaptiveLimit {
    /** What a call waits for; calls of one kind are compared with one another only. */
    public enum Work {
        /** The feature store's answer. */
        LOOKUP,
        /** A thread for a large batch; samples come with the time that it ran. */
        HEAVY
    }

    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MIN_SAMPLES = 10;
    private static final double TOLERANCE = 1.5;
    private static final double LEAST_GRADIENT = 0.5;
    private static final int EPOCH_WINDOWS = 300;
    private static final int DIP_WINDOWS = 2;

    private final int min;
    private final int max;
    private final LongSupplier nanoClock;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong windowEnd;
    private final Samples lookups = new Samples();
    private final Samples heavies = new Samples();
    private volatile double limit; // written only by the thread that ended a window
    private int windowCount; // this and the next three only by the thread that ended a window
    private boolean hasQueued; // in this epoch
    private int dipWindowsLeft;
    private double limitBeforeDip;
    private volatile int peak; // of the window; racing writers may lose one, the next call sets it again

    /**
     * Makes a limit that begins in the middle of its range.
     *
     * @param min the least limit, 1 or more
     * @param max the greatest, {@code min} or more
     */
    public AdaptiveLimit(int min, int max, LongSupplier nanoClock) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("limits: %d..%d (expected: 1 or more, ascending)".formatted(min, max));
        }
        this.min = min;
        this.max = max;
        this.nanoClock = nanoClock;
        this.windowEnd = new AtomicLong(nanoClock.getAsLong() + WINDOW_NANOS);
        this.limit = Math.sqrt((double) min * max);
    }

    /** Takes a place while fewer than this share of the limit, and at least one, are taken; says whether it did. */
    boolean tryEnter(double share) {
        int bound = Math.max(1, (int) (limit * share));
        while (true) {
            int taken = inFlight.get();
            if (taken >= bound) {
                return false;
            }
            if (inFlight.compareAndSet(taken, taken + 1)) {
                if (taken >= peak) {
                    peak = taken + 1;
                }
                return true;
            }
        }
    }

    /** Gives a place back. */
    void leave() {
        inFlight.decrementAndGet();
    }

    /** Returns the limit in force. */
    public int limit() {
        return (int) limit;
    }

    /** Returns the places taken. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Takes the latency of a look-up. */
    public void lookedUp(long latencyNanos) {
        lookups.add(latencyNanos, 0);
        endWindow();
    }

    /** Takes the latency of a heavy batch, waiting included, and the time that it ran. */
    public void ranHeavy(long latencyNanos, long runNanos) {
        heavies.add(latencyNanos, runNanos);
        endWindow();
    }

    private void endWindow() {
        long now = nanoClock.getAsLong();
        long end = windowEnd.get();
        if (now - end < 0 || lookups.count.sum() + heavies.count.sum() < MIN_SAMPLES) {
            return;
        }
        if (windowEnd.compareAndSet(end, now + WINDOW_NANOS)) { // one thread ends it; the others go on
            adapt();
        }
    }

    private void adapt() {
        long lookupCount = lookups.count.sumThenReset();
        long heavyCount = heavies.count.sumThenReset();
        double stretch = (lookupCount * lookups.stretch(lookupCount) + heavyCount * heavies.stretch(heavyCount))
                / Math.max(1, lookupCount + heavyCount);
        if (dipWindowsLeft > 0) {
            dipWindowsLeft--;
            limit = dipWindowsLeft == 0 ? limitBeforeDip : limit;
            return;
        }
        follow(stretch);
        windowCount++;
        if (windowCount == EPOCH_WINDOWS) {
            beginEpoch();
        }
    }

    private void beginEpoch() {
        windowCount = 0;
        lookups.forget();
        if (hasQueued) {
            limitBeforeDip = limit;
            limit = Math.max(min, limit / 2);
            dipWindowsLeft = DIP_WINDOWS;
        }
        hasQueued = false;
    }

    private void follow(double stretch) {
        double gradient = Math.max(LEAST_GRADIENT, Math.min(1, TOLERANCE / Math.max(1, stretch)));
        boolean isScarce = 2.0 * peak >= limit; // a limit that nobody comes near has proven nothing
        peak = inFlight.get();
        if (gradient < 1) {
            hasQueued = true;
            limit = Math.max(min, limit * (1 + gradient) / 2);
        } else if (isScarce) {
            limit = Math.min(max, limit + Math.sqrt(limit));
        }
    }

    /** The samples of one kind in the window. A sample that comes while the window ends counts in one of the two. */
    private static final class Samples {
        private final LongAdder count = new LongAdder();
        private final LongAdder latencyNanos = new LongAdder();
        private final LongAdder runNanos = new LongAdder();
        private double leastMeanNanos = Double.MAX_VALUE; // of this epoch; only by the thread that ends a window
        private double leastMeanBeforeNanos = Double.MAX_VALUE; // of the epoch before; as above

        void add(long latency, long run) {
            count.increment();
            latencyNanos.add(latency);
            runNanos.add(run);
        }

        double stretch(long sampleCount) {
            double latency = latencyNanos.sumThenReset();
            double run = runNanos.sumThenReset();
            if (sampleCount == 0) {
                return 1;
            }
            if (run > 0) {
                return latency / run;
            }
            double mean = latency / sampleCount;
            leastMeanNanos = Math.min(mean, leastMeanNanos);
            return mean / Math.max(1, Math.min(leastMeanNanos, leastMeanBeforeNanos));
        }

        void forget() {
            leastMeanBeforeNanos = leastMeanNanos;
            leastMeanNanos = Double.MAX_VALUE;
        }
    }
}
