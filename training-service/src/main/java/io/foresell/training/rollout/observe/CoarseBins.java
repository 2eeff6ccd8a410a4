package io.foresell.training.rollout.observe;

import io.foresell.training.rollout.sequential.Histogram;
import java.util.Arrays;

/**
 * Bins that are the same for every model and replica, so that nobody chooses them by looking at the data: each doubling of the magnitude is
 * divided into equal parts. The finer bins of replicas lie within them.
 */
public final class CoarseBins {
    /** Of times in seconds, from a microsecond to four minutes: 8 parts a doubling. */
    public static final CoarseBins SECONDS = new CoarseBins(-20, 8, 8, false);

    /** Of scores, from a thousandth to a million on either side: 4 parts a doubling. */
    public static final CoarseBins SCORES = new CoarseBins(-10, 20, 4, true);

    private final double[] edges;

    private CoarseBins(int fromExponent, int untilExponent, int parts, boolean isSigned) {
        int count = (untilExponent - fromExponent) * parts + 1;
        double[] positive = new double[count];
        for (int i = 0; i < count; i++) {
            positive[i] = Math.scalb(1 + (double) (i % parts) / parts, fromExponent + i / parts);
        }
        if (isSigned) {
            double[] both = new double[2 * count];
            for (int i = 0; i < count; i++) {
                both[count - 1 - i] = -positive[i];
                both[count + i] = positive[i];
            }
            edges = both;
        } else {
            edges = positive;
        }
    }

    int binCount() {
        return edges.length + 1;
    }

    /** Returns the bin of a value. */
    int binOf(double value) {
        int at = Arrays.binarySearch(edges, value);
        return at >= 0 ? at : -at - 1;
    }

    /**
     * Returns a histogram of these bins.
     *
     * @param counts values by bin
     */
    public Histogram of(long[] counts) {
        return new Histogram(edges, counts);
    }

    /** Returns a histogram of plain values. */
    public Histogram ofValues(double... values) {
        long[] counts = new long[binCount()];
        for (double value : values) {
            counts[binOf(value)]++;
        }
        return of(counts);
    }

    /** Returns a histogram from pairs of bin and count, as {@link #sparse} gives them. Bins that there are no more are left out. */
    public Histogram ofSparse(long[] binsAndCounts) {
        if (binsAndCounts.length == 0) {
            return Histogram.EMPTY;
        }
        long[] counts = new long[binCount()];
        for (int i = 0; i + 1 < binsAndCounts.length; i += 2) {
            if (binsAndCounts[i] < counts.length) {
                counts[(int) binsAndCounts[i]] += binsAndCounts[i + 1];
            }
        }
        return of(counts);
    }

    /** Returns the bins that hold something, each followed by its count. */
    public static long[] sparse(Histogram histogram) {
        long[] pairs = new long[2 * histogram.binCount()];
        int size = 0;
        for (int bin = 0; bin < histogram.binCount(); bin++) {
            if (histogram.count(bin) > 0) {
                pairs[size++] = bin;
                pairs[size++] = histogram.count(bin);
            }
        }
        return Arrays.copyOf(pairs, size);
    }
}
