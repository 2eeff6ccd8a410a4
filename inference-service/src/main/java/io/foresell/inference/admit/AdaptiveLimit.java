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
 * <p>The limit is the greatest until a baseline is learnt: {@value #LEARNING_WINDOWS} windows of 100 ms with at least ten samples each. A
 * process that never saw its own best latency would take slow code for a queue. Then, after each such window:
 *
 * <pre>
 * expected = max(latency without queueing, 30 ms) + 2 x lag of our own network threads
 * stretch  = weighted mean over kinds of work of (latency / expected), 1 or more
 * gradient = clamp(1.5 / stretch, 0.5, 1)
 * limit    = limit + sqrt(limit)                        when the gradient is 1 and places were scarce
 *          = limit x (1 + gradient) / 2                 when it is below 1
 * </pre>
 *
 * This is the gradient of Netflix's "Performance Under Load: Adaptive Concurrency Limits" (2018), itself after the delay-based
 * TCP Vegas (Brakmo and Peterson, 1995), with three changes. Some tens of milliseconds are no queue worth a refusal, and neither is
 * what our own threads add in going out and coming back: a starved machine is slow with every limit. The quotient is taken per kind of
 * work (look-ups, whose least mean is known, and heavy batches, which come with the time that they ran) before the mean, so that
 * many slow calls of a slow kind are no sign of a queue. And the latency without queueing is the least mean of a window, not the
 * least single call, which is luck. It is the least of the last {@value #EPOCH_WINDOWS} to twice as many windows, so that an old
 * best day is forgotten; where calls queued all the time, two windows at half the limit show it anew, as BBR drains its queue to
 * see the round trip (Cardwell and others, "BBR: Congestion-Based Congestion Control", ACM Queue 2016).
 */
public final class AdaptiveLimit {
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MIN_SAMPLES = 10;
    private static final double TOLERANCE = 1.5;
    private static final double LEAST_GRADIENT = 0.5;
    private static final int LEARNING_WINDOWS = 100;
    private static final double LEAST_EXPECTED_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final int EPOCH_WINDOWS = 300;
    private static final int DIP_WINDOWS = 2;

    private final int min;
    private final int max;
    private final LongSupplier ownLagNanos;
    private final LongSupplier nanoClock;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong windowEnd;
    private final Samples lookups = new Samples();
    private final Samples heavies = new Samples();
    private volatile double limit; // written only by the thread that ended a window
    private int learntWindows; // this and the next four only by the thread that ended a window
    private int windowCount;
    private boolean hasQueued; // in this epoch
    private int dipWindowsLeft;
    private double limitBeforeDip;
    private volatile int peak; // of the window; racing writers may lose one, the next call sets it again

    /**
     * Makes a limit that begins at its greatest.
     *
     * @param min the least limit, 1 or more
     * @param max the greatest, {@code min} or more
     * @param ownLagNanos how late our own network threads are
     */
    public AdaptiveLimit(int min, int max, LongSupplier ownLagNanos, LongSupplier nanoClock) {
        if (min < 1 || max < min) {
            throw new IllegalArgumentException("limits: %d..%d (expected: 1 or more, ascending)".formatted(min, max));
        }
        this.min = min;
        this.max = max;
        this.ownLagNanos = ownLagNanos;
        this.nanoClock = nanoClock;
        this.windowEnd = new AtomicLong(nanoClock.getAsLong() + WINDOW_NANOS);
        this.limit = max;
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
        double lag = 2.0 * ownLagNanos.getAsLong();
        double stretch =
                (lookupCount * lookups.stretch(lookupCount, lag) + heavyCount * heavies.stretch(heavyCount, lag))
                        / Math.max(1, lookupCount + heavyCount);
        if (learntWindows < LEARNING_WINDOWS) {
            learntWindows++;
            return;
        }
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

        double stretch(long sampleCount, double lag) {
            double latency = latencyNanos.sumThenReset();
            double run = runNanos.sumThenReset();
            if (sampleCount == 0) {
                return 1;
            }
            double mean = latency / sampleCount;
            double unqueued;
            if (run > 0) {
                unqueued = run / sampleCount;
            } else {
                leastMeanNanos = Math.min(mean, leastMeanNanos);
                unqueued = Math.min(leastMeanNanos, leastMeanBeforeNanos);
            }
            return mean / (Math.max(LEAST_EXPECTED_NANOS, unqueued) + lag);
        }

        void forget() {
            leastMeanBeforeNanos = leastMeanNanos;
            leastMeanNanos = Double.MAX_VALUE;
        }
    }
}
