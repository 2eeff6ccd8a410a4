package io.foresell.inference.ladder;

/**
 * What each rung takes at least to answer a request, nanoseconds, waiting for a thread included. The times are least ones, measured when
 * versions warmed up: a rung that does not fit would surely be late.
 *
 * @param chosenNanos {@link #UNAVAILABLE} when the rung cannot answer this request at all, as of the others
 */
public record RungTimes(long chosenNanos, long fallbackNanos, long lastKnownNanos) {
    /** Stands for a rung that cannot answer, however long it has. */
    public static final long UNAVAILABLE = Long.MAX_VALUE;

    /**
     * Returns the highest rung that fits. More time never leads to a lower one.
     *
     * @param leftNanos until the deadline; {@link Long#MAX_VALUE} without one
     */
    public Rung highest(long leftNanos) {
        return highest(leftNanos, Rung.CHOSEN);
    }

    /** Returns the highest rung that fits and is not above another one. */
    public Rung highest(long leftNanos, Rung from) {
        if (from == Rung.CHOSEN && fits(chosenNanos, leftNanos)) {
            return Rung.CHOSEN;
        }
        if (from.compareTo(Rung.FALLBACK) <= 0 && fits(fallbackNanos, leftNanos)) {
            return Rung.FALLBACK;
        }
        return from.compareTo(Rung.LAST_KNOWN) <= 0 && fits(lastKnownNanos, leftNanos) ? Rung.LAST_KNOWN : Rung.REFUSAL;
    }

    private static boolean fits(long nanos, long leftNanos) {
        return nanos != UNAVAILABLE && nanos <= leftNanos;
    }
}
