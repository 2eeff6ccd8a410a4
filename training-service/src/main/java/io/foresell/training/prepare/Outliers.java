package io.foresell.training.prepare;

/**
 * Which numbers lie too far out, and what becomes of them.
 *
 * @param factor IQR: how many ranges of the quartiles beyond them, above 0. Z_SCORE: how many standard deviations from the mean,
 *     above 0. QUANTILE: the share of values on each side, in (0, 0.5)
 */
public record Outliers(Rule rule, double factor, Action action) {
    public Outliers {
        if (rule == Rule.QUANTILE) {
            Plans.require("outliers.factor", factor, 1e-9, 0.499);
        } else {
            Plans.require("outliers.factor", factor, 1e-9, 1e9);
        }
    }

    /** Says where the bounds come from. */
    public enum Rule {
        /** The quartiles, after Tukey. */
        IQR(1.5, "the range of the quartiles"),
        /** Mean and standard deviation. */
        Z_SCORE(3, "the z-score"),
        /** Quantiles. */
        QUANTILE(0.01, "quantiles");

        private final double usualFactor;
        private final String words;

        Rule(double usualFactor, String words) {
            this.usualFactor = usualFactor;
            this.words = words;
        }

        /** Returns the factor that is meant when none is given. */
        public double usualFactor() {
            return usualFactor;
        }

        String words() {
            return words;
        }
    }

    /** Says what becomes of an outlier. */
    public enum Action {
        /** Columns say whether the number is below, within or above the bounds; it stays as it is. */
        FLAG,
        /** The number becomes the bound, in rows that train and in rows to be answered. */
        CLIP,
        /** Rows that train are left out; rows to be answered are answered. */
        DROP
    }

    /** Numbers below low or above high are outliers. */
    record Bounds(double low, double high) {
        private static final double GREATEST = 3e38;

        Bounds {
            low = Math.max(low, -GREATEST);
            high = Math.min(high, GREATEST);
        }

        boolean contains(float x) {
            return Float.isNaN(x) || (x >= (float) low && x <= (float) high);
        }
    }

    /** Returns the bounds from the values that are not missing; everything is within without any. */
    Bounds bounds(float[] values) {
        Values known = Values.known(values);
        if (known.count() == 0) {
            return new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        return switch (rule) {
            case IQR -> {
                double q1 = known.quantile(0.25);
                double q3 = known.quantile(0.75);
                yield new Bounds(q1 - factor * (q3 - q1), q3 + factor * (q3 - q1));
            }
            case Z_SCORE -> new Bounds(
                    known.mean() - factor * known.deviation(), known.mean() + factor * known.deviation());
            case QUANTILE -> new Bounds(known.quantile(factor), known.quantile(1 - factor));
        };
    }
}
