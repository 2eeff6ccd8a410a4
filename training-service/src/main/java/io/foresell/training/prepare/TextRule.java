package io.foresell.training.prepare;

/** How a text becomes numbers. */
public sealed interface TextRule {
    /** Returns whether the rule stays small however many different texts there are. */
    boolean readsManyTexts();

    /**
     * A column per category; rarer ones and those never seen share one.
     *
     * @param minCount least rows of a category with a column of its own, 1 or more
     * @param maxCategories most categories with a column of their own; 0 means no bound
     */
    record OneHot(int minCount, int maxCategories) implements TextRule {
        /** A column for every category; a text never seen has none. */
        public static final OneHot ALL = new OneHot(1, 0);

        public OneHot {
            Plans.require("min_count", minCount, 1, 1e9);
            Plans.require("max_categories", maxCategories, 0, 1000);
        }

        @Override
        public boolean readsManyTexts() {
            return maxCategories > 0;
        }
    }

    /** One column: 1, 2, ... in the order of the texts; missing or never seen is 0. */
    record Ordinal() implements TextRule {
        @Override
        public boolean readsManyTexts() {
            return false;
        }
    }

    /**
     * The mean label of the rows with the same text, drawn towards the mean of all (Micci-Barreca 2001); with several classes a column per
     * class. Rows that train read what the other parts of the fold say; a missing text or one never seen is the mean of all.
     *
     * @param smoothing how many rows the mean of all counts as, 0 or more
     * @param foldCount parts of the fold, 2 to 20
     */
    record Target(double smoothing, int foldCount) implements TextRule {
        public Target {
            Plans.require("smoothing", smoothing, 0, 1e9);
            Plans.require("folds", foldCount, 2, 20);
        }

        @Override
        public boolean readsManyTexts() {
            return true;
        }
    }

    /**
     * A column per bucket; the last one is that of texts never seen.
     *
     * @param bucketCount 2 to 4096
     */
    record Hashed(int bucketCount) implements TextRule {
        public Hashed {
            Plans.require("buckets", bucketCount, 2, 4096);
        }

        @Override
        public boolean readsManyTexts() {
            return true;
        }
    }

    /**
     * Weighted counts of words and phrases.
     *
     * @param minLength least words of a phrase, 1 or more
     * @param maxLength most words of a phrase, at most 5
     */
    record Words(int minLength, int maxLength, TermChoice terms) implements TextRule {
        public Words {
            Plans.require("min_length", minLength, 1, 5);
            Plans.require("max_length", maxLength, minLength, 5);
            Plans.require("max_terms", terms.maxTerms(), 1, 50_000);
        }

        @Override
        public boolean readsManyTexts() {
            return true;
        }
    }

    /**
     * Weighted counts of characters and of short strings of them, as written.
     *
     * @param minLength least characters of a string, 1 or more
     * @param maxLength most characters of a string, at most 5
     */
    record Characters(int minLength, int maxLength, TermChoice terms) implements TextRule {
        public Characters {
            Plans.require("min_length", minLength, 1, 5);
            Plans.require("max_length", maxLength, minLength, 5);
            Plans.require("max_terms", terms.maxTerms(), 1, io.foresell.model.graph.CharactersEncoding.MAX_STRINGS);
        }

        @Override
        public boolean readsManyTexts() {
            return true;
        }
    }

    /** Both, side by side. */
    record WordsAndCharacters(Words words, Characters characters) implements TextRule {
        @Override
        public boolean readsManyTexts() {
            return true;
        }
    }

    /**
     * Which terms have a column, and how they are weighed.
     *
     * @param maxTerms the most frequent ones are kept
     * @param minDocuments least texts that have the term, 1 or more
     * @param isSublinear whether a count above 0 becomes {@code 1 + ln(count)}
     * @param isInverse whether rare terms weigh more: {@code 1 + ln((1 + texts) / (1 + texts with the term))}
     * @param isNormalized whether a row is divided by its Euclidean length
     */
    record TermChoice(int maxTerms, int minDocuments, boolean isSublinear, boolean isInverse, boolean isNormalized) {
        public TermChoice {
            Plans.require("min_documents", minDocuments, 1, 1e9);
        }
    }
}
