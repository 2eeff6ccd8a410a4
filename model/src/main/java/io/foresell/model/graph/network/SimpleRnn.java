package io.foresell.model.graph.network;

import java.util.List;

/** The plain recurrent cell: {@code h' = activation(W x + R h + b)}. */
public final class SimpleRnn extends Recurrent {
    private final List<String> activations;

    /**
     * Checks shapes and that every weight is finite.
     *
     * @param inputWeights row-major, shape [units, channels]
     * @param recurrentWeights row-major, shape [units, units]
     * @param bias shape [units]
     */
    public SimpleRnn(
            int channels,
            int units,
            float[] inputWeights,
            float[] recurrentWeights,
            float[] bias,
            Activation activation) {
        super(1, channels, units, inputWeights, recurrentWeights, bias);
        String name = activation.recurrentName();
        this.activations = name.equals("Tanh") ? List.of() : List.of(name);
    }

    @Override
    String operator() {
        return "RNN";
    }

    @Override
    List<String> activations() {
        return activations;
    }

    @Override
    float[] peepholes() {
        return new float[0];
    }
}
