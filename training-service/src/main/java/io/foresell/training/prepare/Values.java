package io.foresell.training.prepare;

import java.util.Arrays;

/** The numbers of a column that are not missing, ascending. Immutable. */
final class Values {
    private final float[] sorted;
    private final double mean;
    private final double deviation;

    private Values(float[] sorted) {
        this.sorted = sorted;
        double sum = 0;
        for (float value : sorted) {
            sum += value;
        }
        this.mean = sorted.length == 0 ? 0 : sum / sorted.length;
        double squares = 0;
        for (float value : sorted) {
            squares += (value - mean) * (value - mean);
        }
        double found = sorted.length == 0 ? 0 : Math.sqrt(squares / sorted.length);
        // A deviation that is only rounding noise counts as none.
        this.deviation = found > 1e-7 * Math.abs(mean) && found > 1e-30 ? found : 0;
    }

    static Values known(float[] values) {
        float[] known = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                known[count++] = value;
            }
        }
        float[] sorted = Arrays.copyOf(known, count);
        Arrays.sort(sorted);
        return new Values(sorted);
    }

    int count() {
        return sorted.length;
    }

    double mean() {
        return mean;
    }

    /** Returns the population standard deviation. */
    double deviation() {
        return deviation;
    }

    double least() {
        return sorted.length == 0 ? 0 : sorted[0];
    }

    double greatest() {
        return sorted.length == 0 ? 0 : sorted[sorted.length - 1];
    }

    /** Returns a quantile between the two nearest values (Hyndman and Fan 1996, definition 7); 0 without values. */
    double quantile(double share) {
        if (sorted.length == 0) {
            return 0;
        }
        double place = share * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
    }

    /** Returns the most frequent value, the least of equals; 0 without values. */
    double mode() {
        double mode = 0;
        int most = 0;
        for (int from = 0; from < sorted.length; ) {
            int until = from;
            while (until < sorted.length && sorted[until] == sorted[from]) {
                until++;
            }
            if (until - from > most) {
                most = until - from;
                mode = sorted[from];
            }
            from = until;
        }
        return mode;
    }
}
