package io.foresell.training.prepare;

/**
 * Which encoded columns a model reads.
 *
 * @param top how many columns stay; 0 leaves it to the threshold
 * @param threshold what it means is said by the rule; NaN for the rule's usual one
 */
public record Selection(Rule rule, int top, double threshold) {
    /** Most columns to keep. */
    private static final int MAX_TOP = 100_000;

    public Selection {
        Plans.require("top", top, 0, MAX_TOP);
        if (top == 0 && Double.isNaN(threshold) && !rule.hasUsual()) {
            throw Plans.refused("top", 0, "1..%d, or a threshold".formatted(MAX_TOP));
        }
        if (rule == Rule.RECURSIVE && top == 0) {
            throw Plans.refused("top", 0, "1..%d for recursive elimination".formatted(MAX_TOP));
        }
        if (!Double.isNaN(threshold)) {
            Plans.require("threshold", threshold, rule.least, rule.greatest);
        }
    }

    /** Says how columns are judged. */
    public enum Rule {
        /** The variance; the threshold, usually 0, is the greatest that is left out. */
        VARIANCE(0, 0, Double.MAX_VALUE, "variance"),
        /** Of two columns whose correlation exceeds the threshold in size, usually 0.95, the later one is left out. */
        CORRELATION(0.95, 0, 1, "correlation"),
        /** The F statistic of classes, or of a regression on the column; the threshold is the least that stays. */
        F_TEST(Double.NaN, 0, Double.MAX_VALUE, "the F-test"),
        /** Pearson's statistic of counts, of columns less their least value; the threshold is the least that stays. */
        CHI_SQUARE(Double.NaN, 0, Double.MAX_VALUE, "chi-square"),
        /** The mutual information with the label, in nats, of at most 16 quantile bins where there are more values than 32. */
        MUTUAL_INFORMATION(Double.NaN, 0, Double.MAX_VALUE, "mutual information"),
        /**
         * Columns with a weight in a lasso on standardised columns. The threshold, usually 0.05, is its penalty as a share of the
         * least that leaves no column; with a number of columns to keep, the penalty falls until as many have a weight.
         */
        L1(0.05, 1e-4, 1, "L1"),
        /** The columns left when those of the least weight in a ridge regression are taken away, a tenth at a time. */
        RECURSIVE(Double.NaN, 0, 1, "recursive elimination"),
        /**
         * How often a lasso (penalty: a tenth of the least that leaves no column) on a random half of the rows gives the column a
         * weight (Meinshausen and Buehlmann 2010), of 50 times; the threshold, usually 0.6, is the least share that stays.
         */
        STABILITY(0.6, 0, 1, "stability selection"),
        /** Principal components in place of the columns; the threshold, usually 0.95, is the share of variance they explain. */
        COMPONENTS(0.95, 1e-6, 1, "principal components");

        private final double usual;
        private final double least;
        private final double greatest;
        private final String words;

        Rule(double usual, double least, double greatest, String words) {
            this.usual = usual;
            this.least = least;
            this.greatest = greatest;
            this.words = words;
        }

        private boolean hasUsual() {
            return !Double.isNaN(usual);
        }

        String words() {
            return words;
        }
    }

    /** Returns the threshold, the usual one when none is given. */
    double limit() {
        return Double.isNaN(threshold) ? rule.usual : threshold;
    }
}
