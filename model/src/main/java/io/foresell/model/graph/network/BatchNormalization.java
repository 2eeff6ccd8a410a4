package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.graph.Parameters;
import java.util.List;

/** Per channel {@code (x - mean) / sqrt(variance + epsilon) * gamma + beta}, with the moments of training. */
public final class BatchNormalization extends Layer {
    private final float[] gamma;
    private final float[] beta;
    private final float[] mean;
    private final float[] variance;
    private final float epsilon;

    /**
     * Checks that all have one width and that no channel is divided by 0.
     *
     * @param variance 0 or more
     * @param epsilon 0 or more
     */
    public BatchNormalization(float[] gamma, float[] beta, float[] mean, float[] variance, float epsilon) {
        Weights.require("gamma", gamma, mean.length);
        Weights.require("beta", beta, mean.length);
        Weights.require("mean", mean, mean.length);
        Weights.require("variance", variance, mean.length);
        Parameters.requireFinite("epsilon", epsilon);
        for (float value : variance) {
            if (value < 0 || !(value + epsilon > 0)) {
                throw new IllegalArgumentException(
                        "variance: %s, epsilon: %s (expected: 0 or more, their sum above 0)".formatted(value, epsilon));
            }
        }
        this.gamma = gamma;
        this.beta = beta;
        this.mean = mean;
        this.variance = variance;
        this.epsilon = epsilon;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.channels() != mean.length) {
            throw unexpected(input, "%d channels".formatted(mean.length));
        }
        return input;
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        output.set(graph.node(
                "BatchNormalization",
                List.of(
                        input.name(),
                        graph.constant("gamma", gamma, gamma.length),
                        graph.constant("beta", beta, beta.length),
                        graph.constant("mean", mean, mean.length),
                        graph.constant("variance", variance, variance.length)),
                GraphBuilder.number("epsilon", epsilon)));
    }
}
