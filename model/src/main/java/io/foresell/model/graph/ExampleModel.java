package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Clusters without centres: minus the distance of a row to the nearest example row of each cluster, in units of the cluster's reach,
 * and last "noise", which is the highest score of a row beyond every reach: minus 2 minus the highest of the others.
 */
public final class ExampleModel extends ScoreModel {
    private final int inputs;
    private final int examplesEach;
    private final float[] points;
    private final float[] inverseReaches;

    /**
     * Checks shapes and that every number is finite as a float.
     *
     * @param examples shape [clusters][examples of the cluster][inputs], on the encoded scale, at least one each
     * @param reaches shape [clusters], above 0
     */
    public ExampleModel(double[][][] examples, double[] reaches) {
        Parameters.requireLength("reaches", reaches.length, examples.length);
        if (examples.length == 0 || examples[0].length == 0 || examples[0][0].length == 0) {
            throw new IllegalArgumentException("examples: none (expected: 1 of 1 column or more)");
        }
        int most = 0;
        for (double[][] each : examples) {
            most = Math.max(most, each.length);
        }
        this.inputs = examples[0][0].length;
        this.examplesEach = most;
        this.points = Parameters.matrix("examples", filled(examples, most), inputs);
        double[] inverses = new double[reaches.length];
        for (int cluster = 0; cluster < reaches.length; cluster++) {
            if (!(reaches[cluster] > 0)) {
                throw new IllegalArgumentException(
                        "reach of cluster %d: %s (expected: above 0)".formatted(cluster, reaches[cluster]));
            }
            inverses[cluster] = 1 / reaches[cluster];
        }
        this.inverseReaches = Parameters.floats("inverse reaches", inverses);
    }

    /** All clusters get as many examples as the one with the most: the last one again. */
    private static double[][] filled(double[][][] examples, int most) {
        double[][] filled = new double[examples.length * most][];
        for (int cluster = 0; cluster < examples.length; cluster++) {
            if (examples[cluster].length == 0) {
                throw new IllegalArgumentException(
                        "examples of cluster %d: 0 (expected: 1 or more)".formatted(cluster));
            }
            for (int i = 0; i < most; i++) {
                filled[cluster * most + i] = examples[cluster][Math.min(i, examples[cluster].length - 1)];
            }
        }
        return filled;
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return inverseReaches.length + 1;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        int clusters = inverseReaches.length;
        String squares = Differences.sumOfSquares(graph, Differences.of(graph, encoded, points, inputs));
        String closeness = graph.node("Neg", List.of(graph.node("Sqrt", List.of(squares))));
        String nearest = greatest(graph, closeness, clusters, examplesEach);
        String scores =
                graph.node("Mul", List.of(nearest, graph.constant("inverse_reaches", inverseReaches, clusters)));
        String two = graph.constant("two", new float[] {-2}, 1);
        String noise = graph.node("Sub", List.of(two, greatest(graph, scores, 1, clusters)));
        return graph.concat(List.of(scores, noise));
    }

    /** Returns the greatest of each group of [N, groups * each] as [N, groups]; ReduceMax differs between opsets. */
    private static String greatest(GraphBuilder graph, String value, int groups, int each) {
        if (each == 1) {
            return value;
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            long[] columns = new long[groups];
            for (int group = 0; group < groups; group++) {
                columns[group] = (long) group * each + i;
            }
            parts.add(graph.node(
                    "Gather", List.of(value, graph.constant("columns", columns)), GraphBuilder.integer("axis", 1)));
        }
        return graph.node("Max", parts);
    }
}
