package io.foresell.inference.route;

/**
 * What one row costs on this machine, measured at warm-up.
 *
 * @param scoreNanos time to score it
 * @param explainNanos time to explain it
 */
public record RowCost(long scoreNanos, long explainNanos) {
    /** Returns the estimated time of a batch. */
    public double nanos(int rowCount, boolean isExplained) {
        return (double) rowCount * (isExplained ? (double) scoreNanos + explainNanos : scoreNanos);
    }
}
