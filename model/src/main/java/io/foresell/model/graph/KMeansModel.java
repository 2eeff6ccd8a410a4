package io.foresell.model.graph;

import java.util.List;

/** Minus the Euclidean distance of a row to each centre: the highest score is the nearest cluster. */
public final class KMeansModel extends ScoreModel {
    private final int inputs;
    private final float[] centres;

    /**
     * Checks shapes and that every number is finite as a float.
     *
     * @param centres shape [clusters][inputs], on the encoded scale
     */
    public KMeansModel(double[][] centres) {
        if (centres.length == 0 || centres[0].length == 0) {
            throw new IllegalArgumentException("centres: none (expected: 1 of 1 column or more)");
        }
        this.inputs = centres[0].length;
        this.centres = Parameters.matrix("centres", centres, inputs);
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return centres.length / inputs;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        // Differences, not |x|^2 - 2 x.c + |c|^2, which loses all digits close to a centre.
        String squares = Differences.sumOfSquares(graph, Differences.of(graph, encoded, centres, inputs));
        return graph.node("Neg", List.of(graph.node("Sqrt", List.of(squares))));
    }
}
