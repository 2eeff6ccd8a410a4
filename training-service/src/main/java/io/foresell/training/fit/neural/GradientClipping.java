package io.foresell.training.fit.neural;

import io.foresell.training.fit.Ranges;
import java.util.Locale;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;

/**
 * Bounds gradients.
 *
 * @param bound above 0; not read by NONE
 */
public record GradientClipping(Kind kind, double bound) {
    /** No bound. */
    public static final GradientClipping NONE = new GradientClipping(Kind.NONE, 1);

    /** Names what is bounded. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** The size of each number. */
        VALUE,
        /** The Euclidean norm of each layer's numbers. */
        NORM
    }

    public GradientClipping {
        Ranges.require("gradient_clipping." + kind.name().toLowerCase(Locale.ROOT), bound, 1e-6, 1e6);
    }

    /** Bounds each number. */
    public static GradientClipping value(double bound) {
        return new GradientClipping(Kind.VALUE, bound);
    }

    /** Bounds each layer's norm. */
    public static GradientClipping norm(double bound) {
        return new GradientClipping(Kind.NORM, bound);
    }

    void configure(NeuralNetConfiguration.Builder network) {
        if (kind != Kind.NONE) {
            network.gradientNormalization(
                            kind == Kind.VALUE
                                    ? GradientNormalization.ClipElementWiseAbsoluteValue
                                    : GradientNormalization.ClipL2PerLayer)
                    .gradientNormalizationThreshold(bound);
        }
    }

    String asText() {
        return kind == Kind.NONE ? "none" : "%s %s".formatted(kind.name().toLowerCase(Locale.ROOT), bound);
    }
}
