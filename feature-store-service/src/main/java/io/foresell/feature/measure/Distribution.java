package io.foresell.feature.measure;

import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How one number or text was distributed before, as bins and their shares, and how far it moved since. The population stability
 * index is the sum over bins of (a - e) ln(a / e), e and a being the shares before and since; below 0.1 it is read as no change, above
 * 0.25 as a large one (Siddiqi, Credit Risk Scorecards, 2006). Immutable.
 */
final class Distribution {
    private static final int BINS = 10;
    private static final int MAX_TEXTS = 1000;
    private static final double LEAST_SHARE = 1e-4; // keeps the logarithm finite

    private final float[] edges; // of a number: bin i holds values from edge i - 1 to below edge i
    private final Map<String, Integer> binByText; // of a text
    private final double[] shares; // of a number the last is missing; of a text the last is every other text
    private final boolean isText;
    private final String reference;
    private final long rowCount;
    private final String afterId; // only predictions after this one are counted

    private Distribution(
            float[] edges,
            Map<String, Integer> binByText,
            double[] shares,
            boolean isText,
            String reference,
            long rowCount,
            String afterId) {
        this.edges = edges;
        this.binByText = binByText;
        this.shares = shares;
        this.isText = isText;
        this.reference = reference;
        this.rowCount = rowCount;
        this.afterId = afterId;
    }

    /** Returns the same as of the first predictions of a version, the last of which has an id. */
    Distribution ofFirsts(String lastId) {
        return new Distribution(edges, binByText, shares, isText, "first", rowCount, lastId);
    }

    /** Returns the tenths of some numbers and a bin of missing ones; NaN is missing. */
    static Distribution ofNumbers(float[] values) {
        float[] sorted = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                sorted[count++] = value;
            }
        }
        Arrays.sort(sorted, 0, count);
        float[] edges = new float[BINS - 1];
        int edgeCount = 0;
        for (int i = 1; i < BINS && count > 0; i++) {
            float edge = sorted[(int) ((long) i * count / BINS)];
            if (edgeCount == 0 || edge > edges[edgeCount - 1]) {
                edges[edgeCount++] = edge;
            }
        }
        Distribution empty = new Distribution(
                Arrays.copyOf(edges, edgeCount),
                Map.of(),
                new double[edgeCount + 2],
                false,
                "window",
                values.length,
                "");
        Counter counter = empty.counter();
        for (float value : values) {
            counter.add(value);
        }
        return new Distribution(empty.edges, Map.of(), counter.shares(), false, "window", values.length, "");
    }

    /** Returns the shares of some texts, the most frequent of them by themselves; the empty text is missing. */
    static Distribution ofTexts(List<String> values) {
        Map<String, Integer> counts = new HashMap<>();
        values.forEach(value -> counts.merge(value, 1, Integer::sum));
        Map<String, Double> shareByText = new HashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MAX_TEXTS)
                .forEach(entry -> shareByText.put(entry.getKey(), (double) entry.getValue() / values.size()));
        return ofTextShares(shareByText, "window", values.size());
    }

    /** Returns what a package says of an input. */
    static Distribution of(PackageFacts.Profile profile) {
        if (profile.shares().isEmpty()) {
            return ofTextShares(profile.textShares(), "package", profile.rowCount());
        }
        float[] edges = new float[profile.edges().size()];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = profile.edges().get(i);
        }
        double[] shares = new double[edges.length + 2];
        for (int i = 0; i <= edges.length; i++) {
            shares[i] = profile.shares().get(i) * (1 - profile.missingShare());
        }
        shares[edges.length + 1] = profile.missingShare();
        return new Distribution(edges, Map.of(), shares, false, "package", profile.rowCount(), "");
    }

    private static Distribution ofTextShares(Map<String, Double> shareByText, String reference, long rowCount) {
        Map<String, Integer> binByText = new HashMap<>();
        double[] shares = new double[shareByText.size() + 1];
        double rest = 1;
        for (Map.Entry<String, Double> entry : shareByText.entrySet()) {
            shares[binByText.size()] = entry.getValue();
            rest -= entry.getValue();
            binByText.put(entry.getKey(), binByText.size());
        }
        shares[shares.length - 1] = Math.max(0, rest);
        return new Distribution(new float[0], binByText, shares, true, reference, rowCount, "");
    }

    Counter counter() {
        return new Counter();
    }

    /** Counts values since by the bins of before. One owner. */
    final class Counter {
        private final long[] counts = new long[shares.length];
        private long total;

        void add(float value) {
            int at = Arrays.binarySearch(edges, value);
            count(Float.isNaN(value) ? edges.length + 1 : at >= 0 ? at + 1 : -at - 1);
        }

        void add(String value) {
            count(binByText.getOrDefault(value, shares.length - 1));
        }

        /** Returns whether a prediction is to be added. */
        boolean isCounting(Prediction prediction) {
            return prediction.id().compareTo(afterId) > 0;
        }

        /** Returns whether there are enough values to tell. */
        boolean isEnough() {
            return total >= Reference.MIN_ROWS;
        }

        private void count(int bin) {
            counts[bin]++;
            total++;
        }

        private double[] shares() {
            return Arrays.stream(counts)
                    .mapToDouble(count -> total == 0 ? 0 : (double) count / total)
                    .toArray();
        }

        /** Returns how far the input moved. */
        InputDrift drift(String input) {
            double[] now = shares();
            double index = 0;
            int binCount = 0;
            for (int bin = 0; bin < now.length; bin++) {
                if (now[bin] > 0 || shares[bin] > 0) {
                    double expected = Math.max(LEAST_SHARE, shares[bin]);
                    double actual = Math.max(LEAST_SHARE, now[bin]);
                    index += (actual - expected) * Math.log(actual / expected);
                    binCount++;
                }
            }
            double perBin = (rowCount == 0 ? 0 : 1.0 / rowCount) + (total == 0 ? 0 : 1.0 / total);
            return new InputDrift(
                    input, index, (binCount - 1) * perBin, reference, rowCount, total, missing(now), missing(shares));
        }

        private double missing(double[] of) {
            if (!isText) {
                return of[of.length - 1];
            }
            Integer bin = binByText.get("");
            return bin == null ? 0 : of[bin];
        }
    }
}
