package io.foresell.inference.measure;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Histogram} held at one time. Immutable.
 *
 * @param count of finite numbers
 * @param mean 0 without any, as are the next three
 * @param standardDeviation of the numbers themselves
 * @param bins those that hold something, ascending
 */
public record Distribution(
        long count,
        long notFiniteCount,
        double mean,
        double standardDeviation,
        double minimum,
        double maximum,
        List<Bin> bins) {
    /** Numbers from {@code low} to {@code high}; the bound nearer to 0 belongs to the bin, the other one does not. */
    public record Bin(double low, double high, long count) {}

    public Distribution {
        bins = List.copyOf(bins);
    }

    /**
     * Returns the number at or below which a share of all are, within 1.6 % of it; NaN without any.
     *
     * @param share in (0, 1)
     */
    public double quantile(double share) {
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (Bin bin : bins) {
            seen += bin.count();
            if (seen >= rank) {
                double low = Math.max(bin.low(), minimum);
                double high = Math.min(bin.high(), maximum);
                return low + (high - low) / 2;
            }
        }
        return Double.NaN;
    }

    /** Collects bins in ascending order. */
    static final class Builder {
        private final List<Bin> bins = new ArrayList<>();
        private long count;

        void add(double low, double high, long number) {
            if (number > 0) {
                bins.add(new Bin(low, high, number));
                count += number;
            }
        }

        Distribution build(long notFinite, double sum, double squares, double least, double most) {
            if (count == 0) {
                return new Distribution(0, notFinite, 0, 0, 0, 0, bins);
            }
            double mean = sum / count;
            double variance = Math.max(0, squares / count - mean * mean);
            // Counts are added before sums: a reader in between must not see an infinite extreme.
            double minimum = Double.isFinite(least) ? least : bins.get(0).low();
            double maximum =
                    Double.isFinite(most) ? most : bins.get(bins.size() - 1).high();
            return new Distribution(count, notFinite, mean, Math.sqrt(variance), minimum, maximum, bins);
        }
    }
}
