package io.foresell.training.fit.tree;

import java.util.Arrays;

/** Thresholds between the values of a number. */
final class Cuts {
    private Cuts() {}

    /**
     * Returns ascending thresholds, each between two neighbouring values: between all of them, or, with more than {@code
     * maxBins} different values, so that about equally many rows lie between two thresholds.
     */
    static float[] of(float[] values, int maxBins) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        int count = sorted.length;
        while (count > 0 && Float.isNaN(sorted[count - 1])) {
            count--;
        }
        int different = count == 0 ? 0 : 1;
        for (int i = 1; i < count; i++) {
            different += sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        double rowsPerBin = different <= maxBins ? 0 : (double) count / maxBins;
        float[] cuts = new float[Math.max(0, Math.min(different, maxBins) - 1)];
        int size = 0;
        for (int i = 1; i < count && size < cuts.length; i++) {
            if (sorted[i] != sorted[i - 1] && i >= (size + 1) * rowsPerBin) {
                cuts[size++] = between(sorted[i - 1], sorted[i]);
            }
        }
        return Arrays.copyOf(cuts, size);
    }

    /** Returns a finite number above {@code lower} and at most {@code upper}. */
    private static float between(float lower, float upper) {
        if (Float.isInfinite(lower)) {
            return -Float.MAX_VALUE;
        }
        if (Float.isInfinite(upper)) {
            return Float.MAX_VALUE;
        }
        float middle = (float) (0.5 * lower + 0.5 * upper);
        return middle > lower ? middle : upper;
    }

    /** Returns how many cuts a value is not below. */
    static int below(float[] cuts, float value) {
        int from = 0;
        int until = cuts.length;
        while (from < until) {
            int middle = (from + until) >>> 1;
            if (value < cuts[middle]) {
                until = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }
}
