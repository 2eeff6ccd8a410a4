package io.foresell.model.graph;

import java.util.Collections;
import java.util.List;

/**
 * What becomes of the counts of terms in a text, in this order: {@code 1 + ln(count)} for counts above 0 where sublinear,
 * times a weight per term (its inverse document frequency), divided by the Euclidean length of the row where normalized
 * (a text without known terms stays zeros).
 *
 * @param weights one per column, finite
 */
public record TermWeights(List<Float> weights, boolean isSublinear, boolean isNormalized) {
    static final float LEAST_LENGTH = 1e-12f;

    public TermWeights {
        weights = List.copyOf(weights);
        if (weights.isEmpty()) {
            throw new IllegalArgumentException("weights of terms: 0 (expected: 1 or more)");
        }
        weights.forEach(weight -> Parameters.requireFinite("weight of a term", weight));
    }

    /** Returns plain counts. */
    public static TermWeights counts(int columnCount) {
        return new TermWeights(Collections.nCopies(columnCount, 1f), false, false);
    }

    int width() {
        return weights.size();
    }

    /**
     * Weighs the terms of a text: gives each column once, in ascending order, with {@code at} added.
     *
     * @param found the column of each term of the text, sorted; repeated as often as the term
     */
    void weigh(int[] found, int at, ColumnSink sink) {
        float[] values = new float[found.length];
        int[] columns = new int[found.length];
        int size = 0;
        double squares = 0;
        for (int from = 0, until; from < found.length; from = until) {
            until = from + 1;
            while (until < found.length && found[until] == found[from]) {
                until++;
            }
            float count = until - from;
            float frequency = isSublinear ? 1 + (float) Math.log(count) : count;
            columns[size] = found[from];
            values[size] = frequency * weights.get(found[from]);
            squares += (double) values[size] * values[size];
            size++;
        }
        float length = isNormalized ? Math.max((float) Math.sqrt(squares), LEAST_LENGTH) : 1;
        for (int i = 0; i < size; i++) {
            if (values[i] != 0) {
                sink.add(at + columns[i], values[i] / length);
            }
        }
    }

    /** Writes the nodes that weigh counts [N, width]. */
    String write(GraphBuilder graph, String counts) {
        String value = counts;
        if (isSublinear) {
            String one = graph.constant("one", new float[] {1}, 1);
            String logarithm = graph.node("Log", List.of(graph.node("Max", List.of(value, one))));
            value = graph.node("Add", List.of(graph.node("Min", List.of(value, one)), logarithm));
        }
        if (!weights.stream().allMatch(weight -> weight == 1)) {
            float[] factors = new float[weights.size()];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = weights.get(i);
            }
            value = graph.node("Mul", List.of(value, graph.constant("term_weights", factors, factors.length)));
        }
        return isNormalized ? normalized(graph, value) : value;
    }

    private static String normalized(GraphBuilder graph, String value) {
        String squares = graph.node(
                "ReduceSum",
                List.of(graph.node("Mul", List.of(value, value)), graph.constant("axis", 1L)),
                GraphBuilder.integer("keepdims", 1));
        String least = graph.constant("least", new float[] {LEAST_LENGTH}, 1);
        String length = graph.node("Max", List.of(graph.node("Sqrt", List.of(squares)), least));
        return graph.node("Div", List.of(value, length));
    }
}
