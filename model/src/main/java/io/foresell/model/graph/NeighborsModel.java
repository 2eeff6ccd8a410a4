package io.foresell.model.graph;

import java.util.List;

/**
 * The mean votes of the k nearest of some points, by Euclidean distance: shares of classes, or a value. Every point that is as far
 * as the k-th nearest one counts too, and beyond it the weight falls to 0 within {@link #EDGE} of the squared distance: neither the
 * order of the points nor the rounding of an engine decides between equals.
 */
public final class NeighborsModel extends ScoreModel {
    /** Where a point counts nothing any more: at this share above the squared distance of the k-th nearest one. */
    public static final float EDGE = 0.01f;

    /** Squared distances below this are rounding: points are in one place. */
    public static final float LEAST_SQUARE = 1e-12f;

    private final int inputs;
    private final int count;
    private final int outputs;
    private final int k;
    private final boolean isByDistance;
    private final float[] points;
    /** Per output the votes of all points times their weights, then the weights. */
    private final float[] votes;

    /**
     * Checks shapes and that every number is finite as a float.
     *
     * @param points shape [points][inputs], on the encoded scale
     * @param votes shape [points][outputs]: 1 for the point's class and 0 for others, or its value
     * @param weights what a point counts, shape [points], above 0
     * @param k how many are asked, 1 to the number of points
     * @param isByDistance whether a neighbour counts the inverse of its distance, too
     */
    public NeighborsModel(double[][] points, double[][] votes, double[] weights, int k, boolean isByDistance) {
        Parameters.requireLength("votes of points", votes.length, points.length);
        Parameters.requireLength("weights of points", weights.length, points.length);
        if (points.length == 0 || points[0].length == 0 || votes[0].length == 0) {
            throw new IllegalArgumentException("points: none (expected: 1 of 1 column and 1 vote or more)");
        }
        if (k < 1 || k > points.length) {
            throw new IllegalArgumentException("neighbours: %d (expected: 1..%d)".formatted(k, points.length));
        }
        this.inputs = points[0].length;
        this.count = points.length;
        this.outputs = votes[0].length;
        this.k = k;
        this.isByDistance = isByDistance;
        this.points = Parameters.matrix("points", points, inputs);
        double[][] weighted = new double[outputs + 1][count];
        for (int point = 0; point < count; point++) {
            Parameters.requireLength("votes of a point", votes[point].length, outputs);
            if (!(weights[point] > 0)) {
                throw new IllegalArgumentException(
                        "weight of a point: %s (expected: above 0)".formatted(weights[point]));
            }
            for (int output = 0; output < outputs; output++) {
                weighted[output][point] = votes[point][output] * weights[point];
            }
            weighted[outputs][point] = weights[point];
        }
        this.votes = Parameters.matrix("votes", weighted, count);
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        String squares = Differences.sumOfSquares(graph, Differences.of(graph, encoded, points, inputs));
        String least = graph.constant("least_square", new float[] {LEAST_SQUARE}, 1);
        String counted = counted(graph, squares, least);
        if (isByDistance) {
            String distances = graph.node("Sqrt", List.of(graph.node("Max", List.of(squares, least))));
            counted = graph.node("Div", List.of(counted, distances));
        }
        String sums = graph.dense(counted, votes, new float[outputs + 1]);
        long[] voted = new long[outputs];
        for (int i = 0; i < outputs; i++) {
            voted[i] = i;
        }
        String chosen =
                graph.node("Gather", List.of(sums, graph.constant("votes", voted)), GraphBuilder.integer("axis", 1));
        return graph.node("Div", List.of(chosen, graph.column(sums, outputs)));
    }

    /** Returns 1 for the nearest points, 0 for those beyond the edge, [N, points]. */
    private String counted(GraphBuilder graph, String squares, String least) {
        String nearest = graph.top(graph.node("Neg", List.of(squares)), k).get(0);
        String last = graph.node("Neg", List.of(graph.column(nearest, k - 1)));
        String edge = graph.node("Mul", List.of(last, graph.constant("edge", new float[] {EDGE}, 1)));
        String excess = graph.node("Sub", List.of(squares, last));
        String lost = graph.node("Div", List.of(excess, graph.node("Add", List.of(edge, least))));
        String one = graph.constant("one", new float[] {1}, 1);
        return graph.node("Min", List.of(graph.node("Relu", List.of(graph.node("Sub", List.of(one, lost)))), one));
    }
}
