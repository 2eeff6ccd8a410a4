package io.foresell.training.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Population stability index: sum over bins of (a - e) ln(a / e), where e and a are the shares of old and new rows. Below 0.1 is read as
 * no change, above 0.25 as a large one (Siddiqi, Credit Risk Scorecards, 2006).
 */
final class StabilityIndex {
    private static final int BINS = 10;
    private static final double LEAST_SHARE = 1e-4; // keeps the logarithm finite

    private StabilityIndex() {}

    /** Returns the index over tenths of the old values and one bin of missing ones. */
    static double ofNumbers(float[] values, boolean[] isNew) {
        float[] edges = edges(values, isNew);
        double[][] counts = new double[2][edges.length + 2];
        for (int row = 0; row < values.length; row++) {
            int bin = Float.isNaN(values[row]) ? edges.length + 1 : binOf(edges, values[row]);
            counts[isNew[row] ? 1 : 0][bin]++;
        }
        return index(counts[0], counts[1]);
    }

    /** Returns different values that cut the old ones into tenths. */
    private static float[] edges(float[] values, boolean[] isNew) {
        float[] old = new float[values.length];
        int count = 0;
        for (int row = 0; row < values.length; row++) {
            if (!isNew[row] && !Float.isNaN(values[row])) {
                old[count++] = values[row];
            }
        }
        Arrays.sort(old, 0, count);
        float[] edges = new float[BINS - 1];
        int edgeCount = 0;
        for (int i = 1; i < BINS && count > 0; i++) {
            float edge = old[(int) ((long) i * count / BINS)];
            if (edgeCount == 0 || edge > edges[edgeCount - 1]) {
                edges[edgeCount++] = edge;
            }
        }
        return Arrays.copyOf(edges, edgeCount);
    }

    private static int binOf(float[] edges, float value) {
        int at = Arrays.binarySearch(edges, value);
        return at >= 0 ? at + 1 : -at - 1;
    }

    /** Returns the index over texts, missing being one of them; those that no old row has are one bin. */
    static double ofTexts(String[] values, boolean[] isNew) {
        Map<String, Integer> bins = new HashMap<>();
        for (int row = 0; row < values.length; row++) {
            if (!isNew[row]) {
                bins.putIfAbsent(values[row], bins.size());
            }
        }
        double[][] counts = new double[2][bins.size() + 1];
        for (int row = 0; row < values.length; row++) {
            counts[isNew[row] ? 1 : 0][bins.getOrDefault(values[row], bins.size())]++;
        }
        return index(counts[0], counts[1]);
    }

    private static double index(double[] expected, double[] actual) {
        double expectedCount = Arrays.stream(expected).sum();
        double actualCount = Arrays.stream(actual).sum();
        double index = 0;
        for (int bin = 0; bin < expected.length; bin++) {
            if (expected[bin] > 0 || actual[bin] > 0) {
                double e = Math.max(LEAST_SHARE, expected[bin] / expectedCount);
                double a = Math.max(LEAST_SHARE, actual[bin] / actualCount);
                index += (a - e) * Math.log(a / e);
            }
        }
        return index;
    }
}
