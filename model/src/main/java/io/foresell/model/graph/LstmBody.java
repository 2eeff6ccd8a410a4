package io.foresell.model.graph;

/** One LSTM over the steps, oldest first; leaves the last hidden state. Takes ownership of the arrays. */
public final class LstmBody implements SequenceBody {
    final int channels;
    final int units;
    final float[] inputWeights;
    final float[] recurrentWeights;
    final float[] bias;

    /**
     * Takes weights in ONNX gate order: input, output, forget, cell. No peepholes; sigmoid gates, tanh cell.
     *
     * @param inputWeights row-major, shape [4 * units, channels]
     * @param recurrentWeights row-major, shape [4 * units, units]
     * @param bias shape [4 * units]
     */
    public LstmBody(int channels, int units, float[] inputWeights, float[] recurrentWeights, float[] bias) {
        Parameters.requireLength("lstm input weights", inputWeights.length, 4 * units * channels);
        Parameters.requireLength("lstm recurrent weights", recurrentWeights.length, 4 * units * units);
        Parameters.requireLength("lstm bias", bias.length, 4 * units);
        Parameters.requireFinite("lstm input weights", inputWeights);
        Parameters.requireFinite("lstm recurrent weights", recurrentWeights);
        Parameters.requireFinite("lstm bias", bias);
        this.channels = channels;
        this.units = units;
        this.inputWeights = inputWeights;
        this.recurrentWeights = recurrentWeights;
        this.bias = bias;
    }

    @Override
    public int outputWidth() {
        return units;
    }
}
