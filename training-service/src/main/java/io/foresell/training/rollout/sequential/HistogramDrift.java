package io.foresell.training.rollout.sequential;

import java.util.Locale;

/**
 * How far two histograms of the same bins lie apart, and how far at least, whenever one looks.
 *
 * <p>The population stability index is the sum over bins of {@code (a - e) ln(a / e)} (Siddiqi, Credit Risk Scorecards, 2006), the distance
 * that of Kolmogorov and Smirnov at the edges of bins. The lower bounds put each share, or each share up to an edge, at the end of its
 * {@link MeanBounds} that is nearest to the other's, alpha divided by the number of bounds: they hold whatever the dependence.
 *
 * @param index population stability index less what chance alone adds to it, 0 or more
 * @param indexLow lower bound of the index of the populations
 * @param distance greatest difference of the shares up to an edge, in [0, 1]
 * @param distanceLow lower bound of that of the populations
 */
public record HistogramDrift(double index, double indexLow, double distance, double distanceLow) {
    private static final double LEAST_SHARE = 1e-4; // keeps the logarithm finite

    /**
     * Compares two histograms.
     *
     * @param alpha how often any of the lower bounds may ever be wrong, in (0, 1)
     * @throws IllegalArgumentException when bins differ or either counts nothing
     */
    public static HistogramDrift of(Histogram expected, Histogram actual, double alpha) {
        if (!expected.hasBinsOf(actual) || expected.total() == 0 || actual.total() == 0) {
            throw new IllegalArgumentException(
                    "histograms: %s and %s (expected: the same bins, not empty)".formatted(expected, actual));
        }
        double each = alpha / (4.0 * expected.binCount()); // shares and cumulated shares of two histograms
        double index = 0;
        double indexLow = 0;
        double distance = 0;
        double distanceLow = 0;
        double expectedBelow = 0;
        double actualBelow = 0;
        int usedBins = 0;
        for (int bin = 0; bin < expected.binCount(); bin++) {
            double e = expected.count(bin);
            double a = actual.count(bin);
            expectedBelow += e;
            actualBelow += a;
            if (e + a == 0) {
                continue;
            }
            usedBins++;
            index += term(a / actual.total(), e / expected.total());
            indexLow += nearest(bounds(actual, a, each), bounds(expected, e, each), true);
            double apart = Math.abs(actualBelow / actual.total() - expectedBelow / expected.total());
            distance = Math.max(distance, apart);
            distanceLow = Math.max(
                    distanceLow,
                    nearest(bounds(actual, actualBelow, each), bounds(expected, expectedBelow, each), false));
        }
        double chance = (usedBins - 1) * (1.0 / expected.total() + 1.0 / actual.total());
        return new HistogramDrift(Math.max(0, index - chance), indexLow, distance, distanceLow);
    }

    private static MeanBounds bounds(Histogram histogram, double count, double alpha) {
        return MeanBounds.of((double) histogram.total(), count, alpha);
    }

    /** Returns the least that two shares within bounds can add: nothing where the bounds overlap. */
    private static double nearest(MeanBounds actual, MeanBounds expected, boolean isIndex) {
        if (actual.low() > expected.high()) {
            return isIndex ? term(actual.low(), expected.high()) : actual.low() - expected.high();
        }
        if (expected.low() > actual.high()) {
            return isIndex ? term(actual.high(), expected.low()) : expected.low() - actual.high();
        }
        return 0;
    }

    private static double term(double actual, double expected) {
        double a = Math.max(LEAST_SHARE, actual);
        double e = Math.max(LEAST_SHARE, expected);
        return (a - e) * Math.log(a / e);
    }

    /** Returns index and distance in words. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "PSI %.3f (surely %.3f), distance %.3f (surely %.3f)",
                index,
                indexLow,
                distance,
                distanceLow);
    }
}
