package io.foresell.training.prepare;

/**
 * What a missing number becomes.
 *
 * @param constant for {@link Rule#CONSTANT}
 */
public record Fill(Rule rule, double constant) {
    /** Leaves it to the family. */
    public static final Fill FAMILY = new Fill(Rule.FAMILY, 0);

    public Fill {
        Plans.require("fill_constant", constant, -Float.MAX_VALUE, Float.MAX_VALUE);
    }

    /** Says where the value comes from. */
    public enum Rule {
        /** Trees keep a number missing, others take the mean. */
        FAMILY("as the family does"),
        /** A given number. */
        CONSTANT("a constant"),
        /** The mean of the fold. */
        MEAN("the mean"),
        /** The median of the fold. */
        MEDIAN("the median"),
        /** The most frequent value of the fold, the least of equals. */
        MODE("the most frequent value"),
        /**
         * The entity's own value in an earlier row of the fold, else the median. A row to be answered comes with what the feature
         * store last knew, so there it is the median.
         */
        LAST("the entity's last value, else the median"),
        /** A ridge regression on the other filled columns. */
        RIDGE("a ridge regression on the other columns");

        private final String words;

        Rule(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }
}
