package io.foresell.model.graph.network;

import java.util.List;

/**
 * Long short-term memory. With gates input i, output o, forget f, input x, state h and memory c: {@code i = g(Wi x + Ri h +
 * Pi c + bi)}, {@code f} likewise, {@code c' = f c + i t(Wc x + Rc h + bc)}, {@code o = g(Wo x + Ro h + Po c' + bo)}, {@code
 * h' = o t(c')}, where g is the function of the gates and t that of the cell.
 */
public final class Lstm extends Recurrent {
    private static final int GATES = 4;
    private static final int PEEPHOLES = 3;

    private final float[] peepholes;
    private final List<String> activations;

    private Lstm(
            int channels,
            int units,
            float[] inputWeights,
            float[] recurrentWeights,
            float[] bias,
            float[] peepholes,
            List<String> activations) {
        super(GATES, channels, units, inputWeights, recurrentWeights, bias);
        this.peepholes = peepholes;
        this.activations = activations;
    }

    /**
     * Takes blocks in ONNX's order: input, output, forget, cell. No peepholes; sigmoid gates, tanh cell.
     *
     * @param inputWeights row-major, shape [4 * units, channels]
     * @param recurrentWeights row-major, shape [4 * units, units]
     * @param bias shape [4 * units]
     */
    public Lstm(int channels, int units, float[] inputWeights, float[] recurrentWeights, float[] bias) {
        this(channels, units, inputWeights, recurrentWeights, bias, new float[0], List.of());
    }

    /**
     * Returns the cell with weights from its memory to its gates (Gers and Schmidhuber 2000).
     *
     * @param weights shape [3 * units], in the order input, output, forget
     */
    public Lstm withPeepholes(float[] weights) {
        Weights.require("peepholes", weights, PEEPHOLES, units);
        return new Lstm(channels, units, inputWeights, recurrentWeights, bias, weights, activations);
    }

    /** Returns the cell with other functions than sigmoid for its gates and tanh for its memory and state. */
    public Lstm withActivations(Activation gates, Activation cell) {
        List<String> names = List.of(gates.recurrentName(), cell.recurrentName(), cell.recurrentName());
        boolean isUsual = names.equals(List.of("Sigmoid", "Tanh", "Tanh"));
        return new Lstm(channels, units, inputWeights, recurrentWeights, bias, peepholes, isUsual ? List.of() : names);
    }

    @Override
    String operator() {
        return "LSTM";
    }

    @Override
    List<String> activations() {
        return activations;
    }

    @Override
    float[] peepholes() {
        return peepholes;
    }
}
