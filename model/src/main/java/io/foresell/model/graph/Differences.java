package io.foresell.model.graph;

import java.util.List;

/** Nodes of squared distances between rows and several points. */
final class Differences {
    private Differences() {}

    /** Returns [N, points, inputs]: the row minus each of the points. */
    static String of(GraphBuilder graph, String encoded, float[] points, int inputs) {
        String rows = graph.node("Unsqueeze", List.of(encoded, graph.constant("axis", 1L)));
        return graph.node("Sub", List.of(rows, graph.constant("points", points, points.length / inputs, inputs)));
    }

    /** Returns the sum of squares over the last of three dimensions. */
    static String sumOfSquares(GraphBuilder graph, String differences) {
        return graph.node(
                "ReduceSum",
                List.of(graph.node("Mul", List.of(differences, differences)), graph.constant("axis", 2L)),
                GraphBuilder.integer("keepdims", 0));
    }
}
