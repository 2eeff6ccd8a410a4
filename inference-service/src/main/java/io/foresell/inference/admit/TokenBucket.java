package io.foresell.inference.admit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A token bucket: so many rows a second, and so many at once after a pause. Thread-safe, without locks: its whole state is one
 * number, the theoretical arrival time of the generic cell rate algorithm (ITU-T I.371, annex A), which is the same bucket.
 *
 * <p>A call takes one token before it is read. What it turns out to hold is charged afterwards and may leave a debt that later
 * calls wait for, at most {@value #MAX_DEBT_SECONDS} s long.
 */
public final class TokenBucket {
    private static final int MAX_DEBT_SECONDS = 60;

    private final double nanosPerToken;
    private final long burstNanos;
    private final LongSupplier nanoClock;
    private final AtomicLong arrival; // the instant at which the bucket is full again

    /**
     * Makes a full bucket.
     *
     * @param tokensPerSecond above 0
     * @param burst tokens that a full bucket holds, 1 or more
     */
    public TokenBucket(double tokensPerSecond, double burst, LongSupplier nanoClock) {
        if (!(tokensPerSecond > 0) || !(burst >= 1)) {
            throw new IllegalArgumentException(
                    "bucket: %s a second, burst %s (expected: above 0, 1 or more)".formatted(tokensPerSecond, burst));
        }
        this.nanosPerToken = TimeUnit.SECONDS.toNanos(1) / tokensPerSecond;
        this.burstNanos = Math.round(burst * nanosPerToken);
        this.nanoClock = nanoClock;
        this.arrival = new AtomicLong(nanoClock.getAsLong());
    }

    /** Takes a token; returns 0, or without taking it how long until there is one, nanoseconds. */
    long take() {
        long now = nanoClock.getAsLong();
        while (true) {
            long before = arrival.get();
            long after = Math.max(before - now, 0) + now + Math.round(nanosPerToken);
            long missing = after - now - burstNanos;
            if (missing > 0) {
                return missing;
            }
            if (arrival.compareAndSet(before, after)) {
                return 0;
            }
        }
    }

    /** Takes tokens whether they are there or not. */
    public void charge(long count) {
        long now = nanoClock.getAsLong();
        long most = burstNanos + TimeUnit.SECONDS.toNanos(MAX_DEBT_SECONDS);
        arrival.updateAndGet(before -> now
                + Math.min(
                        most,
                        Math.max(before - now, 0)
                                + Math.round(Math.min((double) count * nanosPerToken, (double) most))));
    }

    /** Returns how long until the bucket is half full, nanoseconds; 0 when it is. */
    long nanosToHalf() {
        return Math.max(0, arrival.get() - nanoClock.getAsLong() - burstNanos / 2);
    }

    /** Says whether nothing was taken for so long that a new bucket would be the same. */
    boolean isFull() {
        return arrival.get() - nanoClock.getAsLong() <= 0;
    }

    /** Returns a time to tell the caller: the wait rounded up to milliseconds. */
    static Duration retryAfter(long waitNanos) {
        return Duration.ofMillis(1 + TimeUnit.NANOSECONDS.toMillis(waitNanos));
    }
}
