package io.foresell.model.graph;

/** Weights of a fully connected layer; takes ownership of the arrays. */
public final class DenseLayer {
    final int inputs;
    final int outputs;
    final float[] weights;
    final float[] bias;

    /**
     * Checks shapes and that every weight is finite.
     *
     * @param weights row-major, shape [outputs, inputs]
     * @param bias shape [outputs]
     */
    public DenseLayer(int inputs, int outputs, float[] weights, float[] bias) {
        Parameters.requireLength("dense weights", weights.length, inputs * outputs);
        Parameters.requireLength("dense bias", bias.length, outputs);
        Parameters.requireFinite("dense weights", weights);
        Parameters.requireFinite("dense bias", bias);
        this.inputs = inputs;
        this.outputs = outputs;
        this.weights = weights;
        this.bias = bias;
    }
}
