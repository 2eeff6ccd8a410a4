package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be measured of the order in one list of rows. Where scores tie, a value is its expectation over all orders of the tied rows:
 * McSherry and Najork, "Computing information retrieval performance measures efficiently in the presence of tied scores" (2008).
 */
public enum ListMeasure {
    /**
     * Discounted gain over that of the best order, with gain / log2(place + 1): Järvelin and Kekäläinen, "Cumulated gain-based evaluation
     * of IR techniques" (2002), gains as they are.
     */
    NDCG(true) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.discountedGain(cutOff);
        }
    },
    /**
     * Precision at the place of each relevant row among the first K, summed, over the most that could be there: Manning, Raghavan and
     * Schütze, "Introduction to Information Retrieval" (2008), section 8.4, with min(K, relevant rows) below so that the best order has 1.
     */
    MAP(true) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.averagePrecision(cutOff);
        }
    },
    /** Share of the first K places held by relevant rows; of a list of fewer rows, of all its places. */
    PRECISION(true) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.precision(cutOff);
        }
    },
    /** Share of the relevant rows that are among the first K. */
    RECALL(true) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.recall(cutOff);
        }
    },
    /** Chance that at least one of the first K rows is relevant: of lists without ties, 1 or 0. */
    HIT_RATE(true) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.hitRate(cutOff);
        }
    },
    /** One over the place of the first relevant row: Voorhees, "The TREC-8 question answering track report" (1999). */
    MRR(false) {
        @Override
        double of(RankedList list, int cutOff) {
            return list.reciprocalRank();
        }
    };

    /** Greatest number of first places that count. */
    public static final int MAX_CUT_OFF = 1000;

    private static final Pattern WITH_CUT_OFF = Pattern.compile("([a-z_]+)_([1-9]\\d{0,3})");

    private final boolean hasCutOff;

    ListMeasure(boolean hasCutOff) {
        this.hasCutOff = hasCutOff;
    }

    /** Measures one list that has a relevant row. */
    abstract double of(RankedList list, int cutOff);

    /** Returns the name used on the wire before the cut-off, e.g. {@code ndcg}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether only the first places of a list count. */
    public boolean hasCutOff() {
        return hasCutOff;
    }

    /** Returns the metric with a key such as {@code ndcg_10} or {@code mrr}; empty when there is none. */
    static Optional<Metric> metric(String key) {
        Matcher parts = WITH_CUT_OFF.matcher(key);
        if (parts.matches()) {
            int cutOff = Integer.parseInt(parts.group(2));
            return Arrays.stream(values())
                    .filter(measure ->
                            measure.hasCutOff && measure.key().equals(parts.group(1)) && cutOff <= MAX_CUT_OFF)
                    .map(measure -> Metric.of(measure, cutOff))
                    .findFirst();
        }
        return MRR.key().equals(key) ? Optional.of(Metric.of(MRR, 0)) : Optional.empty();
    }
}
