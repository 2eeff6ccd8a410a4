package io.foresell.training.run;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** The time that one candidate may take. Asked by several threads; paced by the thread of the run. */
final class TimeLimit implements BooleanSupplier {
    /** The first fold also warms the machine up. */
    private static final double FIRST_FOLD_GRACE = 1.5;

    private final LongSupplier nanoTime;
    private final BooleanSupplier isCancelled;
    private final long startNanos;
    private final double mostNanos;
    private final double allowedNanos;
    private double expectedNanos;

    /**
     * Starts now.
     *
     * @param mostSeconds after which all work on the candidate ends
     * @param allowedSeconds what the folds together may be expected to take; ends the work early when they will take more
     */
    TimeLimit(LongSupplier nanoTime, BooleanSupplier isCancelled, double mostSeconds, double allowedSeconds) {
        this.nanoTime = nanoTime;
        this.isCancelled = isCancelled;
        this.startNanos = nanoTime.getAsLong();
        this.mostNanos = mostSeconds * 1e9;
        this.allowedNanos = allowedSeconds * 1e9;
    }

    @Override
    public boolean getAsBoolean() {
        return isCancelled.getAsBoolean() || nanoTime.getAsLong() - startNanos >= mostNanos;
    }

    /** Hears how many folds are done and ends the work when the rest would take too long. */
    void judgedFold(int done, int count) {
        expectedNanos = (nanoTime.getAsLong() - startNanos) / (double) done * count;
        double grace = done == 1 ? FIRST_FOLD_GRACE : 1;
        if (done < count && expectedNanos > allowedNanos * grace) {
            throw new CancellationException("folds take too long");
        }
    }

    double seconds() {
        return (nanoTime.getAsLong() - startNanos) / 1e9;
    }

    /** Returns what all folds would take; 0 before one was judged. */
    double expectedSeconds() {
        return expectedNanos / 1e9;
    }
}
