package io.foresell.training.fit.network;

import io.foresell.model.graph.network.Activation;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;

/**
 * DL4J's functions as ours, by what 1.0.0-M2.1 computes. Left out are the precise GELU (it cubes 0.044715 x where the paper
 * cubes x), RReLU (below 0 it answers a constant) and the rational tanh, which no standard operator has.
 */
final class Activations {
    private static final Map<Class<? extends IActivation>, Activation> PLAIN = new HashMap<>();

    static {
        PLAIN.put(ActivationIdentity.class, Activation.IDENTITY);
        PLAIN.put(ActivationReLU6.class, Activation.RELU6);
        PLAIN.put(ActivationSELU.class, Activation.SELU);
        PLAIN.put(ActivationSoftPlus.class, Activation.SOFTPLUS);
        PLAIN.put(ActivationSoftSign.class, Activation.SOFTSIGN);
        PLAIN.put(ActivationHardSigmoid.class, Activation.HARD_SIGMOID);
        PLAIN.put(ActivationHardTanH.class, Activation.HARD_TANH);
        PLAIN.put(ActivationRectifiedTanh.class, Activation.RECTIFIED_TANH);
        PLAIN.put(ActivationTanH.class, Activation.TANH);
        PLAIN.put(ActivationSigmoid.class, Activation.SIGMOID);
        PLAIN.put(ActivationSwish.class, Activation.SWISH);
        PLAIN.put(ActivationMish.class, Activation.MISH);
        PLAIN.put(ActivationCube.class, Activation.CUBE);
        PLAIN.put(ActivationSoftmax.class, Activation.SOFTMAX);
    }

    private Activations() {}

    static Activation of(String layer, IActivation function) {
        if (function instanceof ActivationReLU relu && isZero(relu.getMax()) && isZero(relu.getThreshold())) {
            return isZero(relu.getNegativeSlope())
                    ? Activation.RELU
                    : Activation.leakyRelu(relu.getNegativeSlope().floatValue());
        }
        if (function instanceof ActivationLReLU leaky) {
            return Activation.leakyRelu((float) leaky.getAlpha());
        }
        if (function instanceof ActivationELU elu) {
            return Activation.elu((float) elu.getAlpha());
        }
        if (function instanceof ActivationThresholdedReLU thresholded) {
            return Activation.thresholdedRelu((float) thresholded.getTheta());
        }
        if (function instanceof ActivationGELU gelu && !gelu.isPrecise()) {
            return Activation.GELU_SIGMOID;
        }
        Activation plain = PLAIN.get(function.getClass());
        if (plain == null) {
            throw new UnsupportedLayerException(
                    layer, "activation " + function, "an activation with a standard operator, e.g. relu, gelu or tanh");
        }
        return plain;
    }

    private static boolean isZero(@Nullable Double value) {
        return value == null || value == 0;
    }
}
