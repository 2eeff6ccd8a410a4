package io.foresell.training.rollout.sequential;

/**
 * Bounds on a quantile that hold at every look with probability at least 1 - alpha. At the true quantile x the values up to x are a coin
 * of known mean q, so an edge of a bin whose count the martingale of {@link MeanBounds} rejects for the mean q lies beyond it (the idea of
 * Howard and Ramdas, Sequential estimation of quantiles with applications to A/B testing and best-arm identification, 2022).
 *
 * @param low the greatest edge surely below the quantile; 0 when there is none
 * @param high the least edge surely above; infinite when there is none
 */
public record QuantileBounds(double low, double high) {
    /** Returns the bounds of quantile {@code q} of what the histogram counts. */
    public static QuantileBounds of(Histogram values, double q, double alpha) {
        double total = values.total();
        double low = 0;
        double below = 0;
        for (int bin = 0; bin + 1 < values.binCount(); bin++) {
            below += values.count(bin);
            if (total > 0 && MeanBounds.isRejected(total, below, q, alpha)) {
                if (below > q * total) {
                    return new QuantileBounds(low, values.upperBound(bin));
                }
                low = values.upperBound(bin);
            }
        }
        return new QuantileBounds(low, Double.POSITIVE_INFINITY);
    }
}
