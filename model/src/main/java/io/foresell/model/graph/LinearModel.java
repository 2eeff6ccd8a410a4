package io.foresell.model.graph;

/** Weighted sums of the columns: linear, logistic and multinomial regression, linear SVM, multinomial naive Bayes. */
public final class LinearModel extends ScoreModel {
    private final int inputs;
    private final float[] weights;
    private final float[] bias;

    /**
     * Checks shapes and that every number is finite as a float.
     *
     * @param weights shape [outputs][inputs], on the encoded scale
     * @param bias shape [outputs]
     */
    public LinearModel(double[][] weights, double[] bias) {
        Parameters.requireLength("linear bias", bias.length, weights.length);
        if (weights.length == 0 || weights[0].length == 0) {
            throw new IllegalArgumentException("linear weights: none (expected: 1 output and 1 input or more)");
        }
        this.inputs = weights[0].length;
        this.weights = Parameters.matrix("linear weights", weights, inputs);
        this.bias = Parameters.floats("linear bias", bias);
    }

    /** Returns the model of one score. */
    public static LinearModel of(double[] weights, double bias) {
        return new LinearModel(new double[][] {weights}, new double[] {bias});
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return bias.length;
    }

    @Override
    String write(String encoded, GraphBuilder graph) {
        return graph.dense(encoded, weights, bias);
    }
}
