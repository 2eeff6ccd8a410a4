package io.foresell.model.graph;

import java.util.List;

/** The steps of number encodings as nodes; a step that changes nothing is left out. */
final class NumberNodes {
    private NumberNodes() {}

    static String imputed(GraphBuilder graph, String value, List<Float> fills) {
        if (fills.stream().allMatch(fill -> Float.isNaN(fill))) {
            return value;
        }
        return graph.mlNode(
                "Imputer",
                List.of(value),
                GraphBuilder.numbers("imputed_value_floats", fills),
                GraphBuilder.number("replaced_value_float", Float.NaN));
    }

    static String logarithm(GraphBuilder graph, String value) {
        String size = graph.node("Abs", List.of(value));
        String more = graph.node("Add", List.of(size, graph.constant("one", new float[] {1}, 1)));
        String logarithm = graph.node("Log", List.of(more));
        return graph.node("Mul", List.of(graph.node("Sign", List.of(value)), logarithm));
    }

    static String scaled(GraphBuilder graph, String value, List<Float> offsets, List<Float> scales) {
        if (offsets.stream().allMatch(offset -> offset == 0) && scales.stream().allMatch(scale -> scale == 1)) {
            return value;
        }
        return graph.mlNode(
                "Scaler",
                List.of(value),
                GraphBuilder.numbers("offset", offsets),
                GraphBuilder.numbers("scale", scales));
    }
}
