package io.foresell.training.fit.neural;

import java.util.Locale;
import org.nd4j.linalg.activations.Activation;

/** The function after a layer's weights. */
public enum Nonlinearity {
    /** The greater of 0 and x. */
    RELU(Activation.RELU),
    /** The hyperbolic tangent. */
    TANH(Activation.TANH),
    /** 1 / (1 + exp(-x)). */
    SIGMOID(Activation.SIGMOID),
    /** x * sigmoid(1.702 * x). */
    GELU(Activation.GELU),
    /** x above 0, exp(x) - 1 below. */
    ELU(Activation.ELU),
    /** Scaled ELU. */
    SELU(Activation.SELU),
    /** x above 0, 0.01 * x below. */
    LEAKY_RELU(Activation.LEAKYRELU),
    /** x * sigmoid(x). */
    SWISH(Activation.SWISH),
    /** x itself. */
    IDENTITY(Activation.IDENTITY);

    private final Activation function;

    Nonlinearity(Activation function) {
        this.function = function;
    }

    Activation function() {
        return function;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
