package io.foresell.training.rollout.sequential;

import java.util.Arrays;

/** Counts of values by fixed bins, the last one open. Immutable. */
public final class Histogram {
    /** Of no bins: nothing was measured. */
    public static final Histogram EMPTY = new Histogram(new double[0], new long[0]);

    private final double[] upperBounds;
    private final long[] counts;

    /**
     * Copies bounds and counts.
     *
     * @param upperBounds the greatest value of each bin but the last, rising
     * @param counts values by bin, 0 or more; one more than bounds, or none of both
     */
    public Histogram(double[] upperBounds, long[] counts) {
        boolean isEmpty = upperBounds.length == 0 && counts.length == 0;
        if (!isEmpty && counts.length != upperBounds.length + 1) {
            throw new IllegalArgumentException(
                    "counts: %d (expected: %d)".formatted(counts.length, upperBounds.length + 1));
        }
        this.upperBounds = upperBounds.clone();
        this.counts = counts.clone();
    }

    public int binCount() {
        return counts.length;
    }

    public long count(int bin) {
        return counts[bin];
    }

    /** Returns the greatest value of a bin; infinite for the last one. */
    public double upperBound(int bin) {
        return bin < upperBounds.length ? upperBounds[bin] : Double.POSITIVE_INFINITY;
    }

    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** Says whether the bins are the same, so that counts can be compared. */
    public boolean hasBinsOf(Histogram other) {
        return Arrays.equals(upperBounds, other.upperBounds);
    }

    /** Returns the counts of both; one without bins adds nothing. */
    public Histogram plus(Histogram other) {
        return combined(other, 1);
    }

    /**
     * Returns the counts since an earlier state of the same histogram.
     *
     * @throws IllegalArgumentException when a count is less than it was
     */
    public Histogram minus(Histogram earlier) {
        return combined(earlier, -1);
    }

    private Histogram combined(Histogram other, int sign) {
        if (other.counts.length == 0) {
            return this;
        }
        if (counts.length == 0 && sign > 0) {
            return other;
        }
        if (!hasBinsOf(other)) {
            throw new IllegalArgumentException("bins differ (expected: the same)");
        }
        long[] combined = new long[counts.length];
        for (int bin = 0; bin < combined.length; bin++) {
            combined[bin] = counts[bin] + sign * other.counts[bin];
            if (combined[bin] < 0) {
                throw new IllegalArgumentException("count: %d (expected: 0 or more)".formatted(combined[bin]));
            }
        }
        return new Histogram(upperBounds, combined);
    }

    /** Returns the quantile by interpolation within its bin; NaN of nothing, the lower end of the last, open bin. */
    public double quantile(double q) {
        double rank = q * total();
        double below = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            if (counts[bin] > 0 && below + counts[bin] >= rank) {
                double low = bin == 0 ? Math.min(0, upperBound(0)) : upperBound(bin - 1);
                double high = upperBound(bin);
                return Double.isInfinite(high) ? low : low + (high - low) * Math.max(0, rank - below) / counts[bin];
            }
            below += counts[bin];
        }
        return Double.NaN;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram histogram
                && Arrays.equals(upperBounds, histogram.upperBounds)
                && Arrays.equals(counts, histogram.counts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(upperBounds) + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "%d values in %d bins".formatted(total(), counts.length);
    }
}
