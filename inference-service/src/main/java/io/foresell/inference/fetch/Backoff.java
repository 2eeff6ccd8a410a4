package io.foresell.inference.fetch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Waits that double up to a cap, each drawn from the upper half so that many clients do not come back at once. One owner. */
public final class Backoff {
    private final long firstMillis;
    private final long capMillis;
    private long nextMillis;

    public Backoff(Duration first, Duration cap) {
        this.firstMillis = first.toMillis();
        this.capMillis = cap.toMillis();
        this.nextMillis = firstMillis;
    }

    /** Returns the next wait. */
    public Duration next() {
        long ceiling = nextMillis;
        nextMillis = Math.min(capMillis, nextMillis * 2);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }

    /** Starts over after a success. */
    public void reset() {
        nextMillis = firstMillis;
    }
}
