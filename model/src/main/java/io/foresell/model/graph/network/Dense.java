package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.graph.Parameters;
import java.util.List;

/** A fully connected layer; of a sequence, the same one for every step. */
public final class Dense extends Layer {
    private final int inputs;
    private final int outputs;
    private final float[] weights;
    private final float[] bias;

    /**
     * Checks shapes and that every weight is finite.
     *
     * @param weights row-major, shape [outputs, inputs]
     * @param bias shape [outputs]
     */
    public Dense(int inputs, int outputs, float[] weights, float[] bias) {
        Weights.require("dense weights", weights, outputs, inputs);
        Weights.require("dense bias", bias, outputs);
        this.inputs = inputs;
        this.outputs = outputs;
        this.weights = weights;
        this.bias = bias;
    }

    /**
     * Returns the layer followed by {@code y * scale + offset}.
     *
     * @param scale shape [outputs]
     * @param offset shape [outputs]
     */
    public Dense then(float[] scale, float[] offset) {
        Parameters.requireLength("scale", scale.length, outputs);
        Parameters.requireLength("offset", offset.length, outputs);
        float[] scaledWeights = weights.clone();
        float[] scaledBias = bias.clone();
        for (int i = 0; i < scaledWeights.length; i++) {
            scaledWeights[i] *= scale[i / inputs];
        }
        for (int i = 0; i < outputs; i++) {
            scaledBias[i] = scaledBias[i] * scale[i] + offset[i];
        }
        return new Dense(inputs, outputs, scaledWeights, scaledBias);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input instanceof Shape.Image || input.channels() != inputs) {
            throw unexpected(input, "a vector, or steps, of %d values".formatted(inputs));
        }
        return input.withChannels(outputs);
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        if (input.shape() instanceof Shape.Vector) {
            output.set(graph.dense(input.name(), weights, bias));
            return;
        }
        String matrix = graph.constant("weights", Weights.transposed(weights, outputs, inputs), inputs, outputs);
        Wire.Order order = Wire.Order.CHANNELS_LAST;
        String product = graph.node("MatMul", List.of(input.name(order), matrix));
        output.set(order, graph.node("Add", List.of(product, graph.constant("bias", bias, outputs))));
    }
}
