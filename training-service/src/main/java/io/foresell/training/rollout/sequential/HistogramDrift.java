package io.foresell.training.rollout.sequential;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How far two histograms of the same bins lie apart, and how far at least, whenever one looks.
 *
 * <p>The population stability index is the sum over tenths of the expected values of {@code (a - e) ln(a / e)}, where e and a are the shares in
 * them (Siddiqi, Credit Risk Scorecards, 2006), the distance that of Kolmogorov and Smirnov at the edges of bins. The lower bounds rest on
 * {@link MeanBounds} of the share up to each edge, and between any two, alpha divided among them: they hold all at once, hence for tenths
 * chosen by looking at the data too, and whatever the dependence.
 *
 * @param index population stability index less what chance alone adds to it, 0 or more
 * @param indexLow lower bound of the index of the populations
 * @param distance greatest difference of the shares up to an edge, in [0, 1]
 * @param distanceLow lower bound of that of the populations
 */
public record HistogramDrift(double index, double indexLow, double distance, double distanceLow) {
    private static final double LEAST_SHARE = 1e-4; // keeps the logarithm finite
    private static final double TENTH = 0.1;

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
        double bins = expected.binCount();
        List<Edge> expectedEdges = edges(expected, alpha / (4 * bins)); // half of alpha, two histograms
        List<Edge> actualEdges = edges(actual, alpha / (4 * bins));
        double ofPairs = alpha / (2 * bins * (bins + 1)); // the other half, as many pairs of edges
        double distance = 0;
        double distanceLow = 0;
        for (int i = 0; i < expectedEdges.size(); i++) {
            Edge e = expectedEdges.get(i);
            Edge a = actualEdges.get(i);
            distance = Math.max(distance, Math.abs(a.share() - e.share()));
            distanceLow = Math.max(distanceLow, Math.max(a.low() - e.high(), e.low() - a.high()));
        }
        double index = 0;
        double indexLow = 0;
        List<Integer> cuts = cuts(expectedEdges);
        for (int i = 1; i < cuts.size(); i++) {
            Edge e = part(expected, expectedEdges, cuts.get(i - 1), cuts.get(i), ofPairs);
            Edge a = part(actual, actualEdges, cuts.get(i - 1), cuts.get(i), ofPairs);
            index += term(a.share(), e.share());
            indexLow += leastTerm(a, e);
        }
        double chance = (cuts.size() - 2) * (1.0 / expected.total() + 1.0 / actual.total());
        return new HistogramDrift(Math.max(0, index - chance), indexLow, distance, distanceLow);
    }

    /** A share of the values and its bounds. */
    private record Edge(double share, double low, double high) {
        static final Edge START = new Edge(0, 0, 0);
        static final Edge END = new Edge(1, 1, 1);
    }

    /** Returns the share between two edges. */
    private static Edge part(Histogram histogram, List<Edge> edges, int from, int to, double alpha) {
        double total = histogram.total();
        double count = Math.rint((edges.get(to).share() - edges.get(from).share()) * total);
        return edge(total, count, alpha);
    }

    /** Returns the shares up to each edge, from none to all. */
    private static List<Edge> edges(Histogram histogram, double alpha) {
        double total = histogram.total();
        List<Edge> edges = new ArrayList<>();
        edges.add(Edge.START);
        double below = 0;
        Edge last = edge(total, 0, alpha);
        for (int bin = 0; bin + 1 < histogram.binCount(); bin++) {
            if (histogram.count(bin) > 0) {
                below += histogram.count(bin);
                last = edge(total, below, alpha);
            }
            edges.add(last);
        }
        edges.add(Edge.END);
        return edges;
    }

    private static Edge edge(double total, double below, double alpha) {
        MeanBounds bounds = MeanBounds.of(total, below, alpha);
        return new Edge(below / total, bounds.low(), bounds.high());
    }

    /** Returns the edges that cut the expected values into parts of a tenth or a little more each. */
    private static List<Integer> cuts(List<Edge> expected) {
        List<Integer> cuts = new ArrayList<>();
        cuts.add(0);
        int last = expected.size() - 1;
        for (int i = 1; i < last; i++) {
            double part = expected.get(i).share()
                    - expected.get(cuts.get(cuts.size() - 1)).share();
            double rest = 1 - expected.get(i).share();
            if (part >= TENTH - 1e-9 && rest >= TENTH / 2) {
                cuts.add(i);
            }
        }
        cuts.add(last);
        return cuts;
    }

    /** Returns the least that two shares within their bounds can add: nothing where the bounds overlap. */
    private static double leastTerm(Edge actual, Edge expected) {
        if (actual.low() > expected.high()) {
            return term(actual.low(), expected.high());
        }
        return expected.low() > actual.high() ? term(actual.high(), expected.low()) : 0;
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
