package io.foresell.training.prepare;

import java.util.List;

/**
 * Cuts a number into bins.
 *
 * @param count number of bins for rules that compute edges, 2 to 1000
 * @param edges ascending and finite, for {@link Rule#EDGES}: bin i has edge i - 1 as its least value
 * @param isOneHot whether there is a column per bin, else one column with its number
 */
public record Bins(Rule rule, int count, List<Float> edges, boolean isOneHot) {
    /** Says where the edges come from. */
    public enum Rule {
        /** As many rows of the fold in each. */
        QUANTILE,
        /** As wide each, from the least value of the fold to the greatest. */
        UNIFORM,
        /** Given. */
        EDGES
    }

    public Bins {
        edges = List.copyOf(edges);
        if (rule == Rule.EDGES) {
            requireAscending(edges);
        } else {
            Plans.require("bins.count", count, 2, 1000);
        }
    }

    private static void requireAscending(List<Float> edges) {
        boolean isSound = !edges.isEmpty() && edges.size() <= 1000;
        for (int i = 0; i < edges.size(); i++) {
            isSound &= Float.isFinite(edges.get(i)) && (i == 0 || edges.get(i - 1) < edges.get(i));
        }
        if (!isSound) {
            throw Plans.refused("bins.edges", edges, "1..1000 ascending finite numbers");
        }
    }

    /** Returns the edges between bins, ascending; equal ones once, at least one. */
    List<Float> edges(Values known) {
        if (rule == Rule.EDGES) {
            return edges;
        }
        java.util.TreeSet<Float> found = new java.util.TreeSet<>();
        for (int i = 1; i < count; i++) {
            double share = i / (double) count;
            found.add((float)
                    (rule == Rule.QUANTILE
                            ? known.quantile(share)
                            : known.least() + share * (known.greatest() - known.least())));
        }
        // An edge at the least value would leave the bin below it empty.
        if (found.size() > 1) {
            found.remove((float) known.least());
        }
        return List.copyOf(found);
    }
}
