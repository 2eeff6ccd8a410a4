package io.foresell.model.graph;

import java.util.List;

/**
 * A score per item from what a customer has had: a column per item, 0 for none, else how often or how much. Read it as a
 * flat sequence filled with 0, or as {@link WordsEncoding} of item names separated by spaces. For known users by name, a
 * {@link LinearModel} of the items' factors over a {@link TextVectorEncoding} of the users' does without history. Takes
 * ownership of the arrays.
 */
public final class RecommenderModel extends ScoreModel {
    /** What an item that the customer has had already loses, where those are not recommended again. */
    public static final float SEEN_PENALTY = 1e9f;

    private final int items;
    private final int factors;
    private final float[] into;
    private final float[] back;
    private final boolean excludesSeen;

    private RecommenderModel(int items, int factors, float[] into, float[] back, boolean excludesSeen) {
        this.items = items;
        this.factors = factors;
        this.into = into;
        this.back = back;
        this.excludesSeen = excludesSeen;
        if (items < 1 || factors < 0) {
            throw new IllegalArgumentException(
                    "recommender: %d items, %d factors (expected: 1 or more)".formatted(items, factors));
        }
        Parameters.requireFinite("weights of the recommender", into);
        Parameters.requireFinite("weights of the recommender", back);
    }

    /**
     * Returns {@code history . similarity}.
     *
     * @param similarity row-major, shape [items, items]: what having the row's item adds to the column's
     * @param excludesSeen whether items in the history lose {@link #SEEN_PENALTY}
     */
    public static RecommenderModel itemToItem(int items, float[] similarity, boolean excludesSeen) {
        Parameters.requireLength("similarities", similarity.length, Math.multiplyExact(items, items));
        return new RecommenderModel(items, 0, similarity, new float[0], excludesSeen);
    }

    /**
     * Returns {@code (history . foldIn) . itemFactors}: factors of a customer estimated from the history by a linear map.
     *
     * @param foldIn row-major, shape [items, factors]
     * @param itemFactors row-major, shape [factors, items]
     * @param excludesSeen whether items in the history lose {@link #SEEN_PENALTY}
     */
    public static RecommenderModel factors(
            int items, int factors, float[] foldIn, float[] itemFactors, boolean excludesSeen) {
        if (factors < 1) {
            throw new IllegalArgumentException("factors: %d (expected: 1 or more)".formatted(factors));
        }
        Parameters.requireLength("fold-in weights", foldIn.length, Math.multiplyExact(items, factors));
        Parameters.requireLength("item factors", itemFactors.length, Math.multiplyExact(items, factors));
        return new RecommenderModel(items, factors, foldIn, itemFactors, excludesSeen);
    }

    @Override
    public int inputs() {
        return items;
    }

    @Override
    public int outputs() {
        return items;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        int width = factors == 0 ? items : factors;
        String scores = graph.node("MatMul", List.of(encoded, graph.constant("item_weights", into, items, width)));
        if (factors > 0) {
            scores = graph.node("MatMul", List.of(scores, graph.constant("item_factors", back, factors, items)));
        }
        if (!excludesSeen) {
            return scores;
        }
        String seen = graph.node("Sign", List.of(graph.node("Relu", List.of(encoded))));
        String penalty = graph.constant("seen_penalty", new float[] {SEEN_PENALTY}, 1);
        return graph.node("Sub", List.of(scores, graph.node("Mul", List.of(seen, penalty))));
    }
}
