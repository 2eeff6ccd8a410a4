package io.foresell.model.scorer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How one number was distributed in training. Immutable.
 *
 * @param edges ascending values that cut the rows with a value into tenths, equal ones being one: bin i holds values from edge i - 1 to
 *     below edge i
 * @param shares of the rows with a value by bin, one more than edges, each in [0, 1]
 * @param missingShare of the rows without a value, in [0, 1]
 * @param rowCount rows that were counted
 */
public record Tenths(List<Float> edges, List<Double> shares, double missingShare, long rowCount) {
    private static final int BINS = 10;
    private static final int EDGE_DIGITS = 5;
    private static final double SHARE_STEPS = 10_000;

    public Tenths {
        edges = List.copyOf(edges);
        shares = List.copyOf(shares);
        for (int i = 0; i < edges.size(); i++) {
            if (!Float.isFinite(edges.get(i)) || (i > 0 && edges.get(i) <= edges.get(i - 1))) {
                throw new IllegalArgumentException(
                        "edges[%d]: %s (expected: finite, above the edge before)".formatted(i, edges.get(i)));
            }
        }
        boolean areShares = isShare(missingShare) && shares.stream().allMatch(Tenths::isShare);
        if (edges.size() >= BINS || shares.size() != edges.size() + 1 || !areShares || rowCount < 0) {
            throw new IllegalArgumentException(
                    "tenths: %d edges, %d shares, missing %s, %d rows (expected: at most 9 edges, one share more, shares in [0, 1])"
                            .formatted(edges.size(), shares.size(), missingShare, rowCount));
        }
    }

    private static boolean isShare(double share) {
        return share >= 0 && share <= 1;
    }

    /**
     * Cuts values into tenths; NaN is missing, infinities are the outer bins'. Edges keep five digits and shares four decimals: more tells a
     * drift nothing, and packages carry one of these for every number.
     */
    public static Tenths of(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted); // NaN comes last
        int count = firstNan(sorted);
        List<Float> edges = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        int below = 0;
        for (int i = 1; i < BINS && count > 0; i++) {
            float edge = rounded(sorted[(int) ((long) i * count / BINS)]);
            boolean isNew = edges.isEmpty() || edge > edges.get(edges.size() - 1);
            if (isNew && Float.isFinite(edge)) {
                int upTo = firstFrom(sorted, count, edge);
                edges.add(edge);
                shares.add(share(upTo - below, count));
                below = upTo;
            }
        }
        shares.add(count == 0 ? 1 : share(count - below, count));
        double missing = values.length == 0 ? 1 : share(values.length - count, values.length);
        return new Tenths(edges, shares, missing, values.length);
    }

    private static float rounded(float value) {
        return Float.isFinite(value)
                ? new BigDecimal(value).round(new MathContext(EDGE_DIGITS)).floatValue()
                : value;
    }

    private static double share(int part, int whole) {
        return Math.round((double) part / whole * SHARE_STEPS) / SHARE_STEPS;
    }

    private static int firstNan(float[] sorted) {
        int count = sorted.length;
        while (count > 0 && Float.isNaN(sorted[count - 1])) {
            count--;
        }
        return count;
    }

    private static int firstFrom(float[] sorted, int count, float edge) {
        int at = 0;
        while (at < count && sorted[at] < edge) {
            at++;
        }
        return at;
    }
}
