package io.foresell.inference.load;

import java.time.Duration;

/** How much memory loaded models may keep, and do keep. Read by anyone. */
public final class MemoryBudget {
    private final long bytes;
    private final Duration minResidence;
    private volatile long residentBytes; // written only by the load lane's thread

    /**
     * Makes a budget.
     *
     * @param bytes 0 for any
     * @param minResidence how long a model that was loaded is left in memory at least; it is also left ten times as long as its load took,
     *     unless this is 0
     */
    public MemoryBudget(long bytes, Duration minResidence) {
        this.bytes = bytes;
        this.minResidence = minResidence;
    }

    /** Returns a budget that nothing exceeds. */
    public static MemoryBudget unlimited() {
        return new MemoryBudget(0, Duration.ZERO);
    }

    public long bytes() {
        return bytes;
    }

    Duration minResidence() {
        return minResidence;
    }

    boolean isLimited() {
        return bytes > 0;
    }

    /** Returns what loaded models keep. */
    public long residentBytes() {
        return residentBytes;
    }

    void holds(long bytes) {
        residentBytes = bytes;
    }
}
