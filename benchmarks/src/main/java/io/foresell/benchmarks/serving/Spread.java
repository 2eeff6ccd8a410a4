package io.foresell.benchmarks.serving;

import java.util.Arrays;
import java.util.Locale;

/** The median of some values with the least and the greatest. */
public record Spread(double median, double least, double greatest) {
    /** Returns the spread; NaN of no values. */
    public static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        if (sorted.length == 0) {
            return new Spread(Double.NaN, Double.NaN, Double.NaN);
        }
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** Returns {@code median (least..greatest)} with so many decimals; a dash without values. */
    public String shown(int decimals) {
        if (Double.isNaN(median)) {
            return "-";
        }
        String format = "%." + decimals + "f";
        return String.format(Locale.ROOT, format + " (" + format + ".." + format + ")", median, least, greatest);
    }
}
