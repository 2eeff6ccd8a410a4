package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.graph.Parameters;
import java.util.List;
import java.util.Locale;

/** A function of each value by itself; of all values of a vector, the softmax. */
public final class Activation extends Layer {
    /** {@code x}. */
    public static final Activation IDENTITY = new Activation(Kind.IDENTITY, 0);

    /** {@code max(0, x)}. */
    public static final Activation RELU = new Activation(Kind.RELU, 0);

    /** {@code min(max(0, x), 6)}. */
    public static final Activation RELU6 = new Activation(Kind.RELU6, 0);

    /** {@code 1.0507 * x} above 0, else {@code 1.0507 * 1.67326 * (exp(x) - 1)} (Klambauer et al. 2017). */
    public static final Activation SELU = new Activation(Kind.SELU, 0);

    /** {@code x * P(Z <= x)} of a standard normal Z (Hendrycks and Gimpel 2016). */
    public static final Activation GELU = new Activation(Kind.GELU, 0);

    /** {@code x * sigmoid(1.702 * x)}, the approximation in section 2 of Hendrycks and Gimpel 2016. */
    public static final Activation GELU_SIGMOID = new Activation(Kind.GELU_SIGMOID, 0);

    /** {@code log(1 + exp(x))}. */
    public static final Activation SOFTPLUS = new Activation(Kind.SOFTPLUS, 0);

    /** {@code x / (1 + |x|)}. */
    public static final Activation SOFTSIGN = new Activation(Kind.SOFTSIGN, 0);

    /** {@code max(0, min(1, 0.2 * x + 0.5))}. */
    public static final Activation HARD_SIGMOID = new Activation(Kind.HARD_SIGMOID, 0);

    /** {@code max(-1, min(1, x))}. */
    public static final Activation HARD_TANH = new Activation(Kind.HARD_TANH, 0);

    /** The hyperbolic tangent. */
    public static final Activation TANH = new Activation(Kind.TANH, 0);

    /** {@code max(0, tanh(x))}. */
    public static final Activation RECTIFIED_TANH = new Activation(Kind.RECTIFIED_TANH, 0);

    /** {@code 1 / (1 + exp(-x))}. */
    public static final Activation SIGMOID = new Activation(Kind.SIGMOID, 0);

    /** {@code x * sigmoid(x)}. */
    public static final Activation SWISH = new Activation(Kind.SWISH, 0);

    /** {@code x * tanh(log(1 + exp(x)))}. */
    public static final Activation MISH = new Activation(Kind.MISH, 0);

    /** {@code x * x * x}. */
    public static final Activation CUBE = new Activation(Kind.CUBE, 0);

    /** Of a vector, {@code exp(x) / sum(exp(x))}; of a sequence or an image, over the channels. */
    public static final Activation SOFTMAX = new Activation(Kind.SOFTMAX, 0);

    private enum Kind {
        IDENTITY,
        RELU,
        RELU6,
        LEAKY_RELU,
        THRESHOLDED_RELU,
        ELU,
        SELU,
        GELU,
        GELU_SIGMOID,
        SOFTPLUS,
        SOFTSIGN,
        HARD_SIGMOID,
        HARD_TANH,
        TANH,
        RECTIFIED_TANH,
        SIGMOID,
        SWISH,
        MISH,
        CUBE,
        SOFTMAX
    }

    private final Kind kind;
    private final float alpha;

    private Activation(Kind kind, float alpha) {
        Parameters.requireFinite("alpha of " + kind.name().toLowerCase(Locale.ROOT), alpha);
        this.kind = kind;
        this.alpha = alpha;
    }

    /** Returns {@code x} above 0, else {@code alpha * x}. */
    public static Activation leakyRelu(float alpha) {
        return new Activation(Kind.LEAKY_RELU, alpha);
    }

    /** Returns {@code x} above alpha, else 0. */
    public static Activation thresholdedRelu(float alpha) {
        return new Activation(Kind.THRESHOLDED_RELU, alpha);
    }

    /** Returns {@code x} above 0, else {@code alpha * (exp(x) - 1)}. */
    public static Activation elu(float alpha) {
        return new Activation(Kind.ELU, alpha);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    /**
     * Returns the name of the function inside a recurrent node.
     *
     * @throws IllegalArgumentException when ONNX has none, or none with this alpha
     */
    String recurrentName() {
        return switch (kind) {
            case RELU -> "Relu";
            case TANH -> "Tanh";
            case SIGMOID -> "Sigmoid";
            case HARD_SIGMOID -> "HardSigmoid";
            case SOFTSIGN -> "Softsign";
            case SOFTPLUS -> "Softplus";
            default -> throw new IllegalArgumentException(
                    "activation of a recurrent layer: %s (expected: relu, tanh, sigmoid, hard sigmoid, softsign or softplus)"
                            .formatted(this));
        };
    }

    @Override
    void write(Wire input, Wire output) {
        boolean isOverChannels = kind == Kind.SOFTMAX && input.shape() instanceof Shape.Sequence;
        Wire.Order order = isOverChannels ? Wire.Order.CHANNELS_LAST : input.anyOrder();
        String x = input.name(order);
        output.set(order, write(output.graph(), x, isOverChannels));
    }

    private String write(GraphBuilder graph, String x, boolean isLastAxis) {
        return switch (kind) {
            case IDENTITY -> x;
            case RELU -> graph.node("Relu", List.of(x));
            case RELU6 -> clip(graph, x, 0, 6);
            case LEAKY_RELU -> graph.node("LeakyRelu", List.of(x), GraphBuilder.number("alpha", alpha));
            case THRESHOLDED_RELU -> graph.node("ThresholdedRelu", List.of(x), GraphBuilder.number("alpha", alpha));
            case ELU -> graph.node("Elu", List.of(x), GraphBuilder.number("alpha", alpha));
            case SELU -> graph.node("Selu", List.of(x));
            case GELU -> gelu(graph, x);
            case GELU_SIGMOID -> timesSigmoid(graph, x, multiplied(graph, x, 1.702f));
            case SOFTPLUS -> graph.node("Softplus", List.of(x));
            case SOFTSIGN -> graph.node("Softsign", List.of(x));
            case HARD_SIGMOID -> graph.node("HardSigmoid", List.of(x));
            case HARD_TANH -> clip(graph, x, -1, 1);
            case TANH -> graph.node("Tanh", List.of(x));
            case RECTIFIED_TANH -> graph.node("Relu", List.of(graph.node("Tanh", List.of(x))));
            case SIGMOID -> graph.node("Sigmoid", List.of(x));
            case SWISH -> timesSigmoid(graph, x, x);
            case MISH -> graph.node("Mul", List.of(x, graph.node("Tanh", List.of(graph.node("Softplus", List.of(x))))));
            case CUBE -> graph.node("Mul", List.of(x, graph.node("Mul", List.of(x, x))));
            case SOFTMAX -> graph.node("Softmax", List.of(x), GraphBuilder.integer("axis", isLastAxis ? -1 : 1));
        };
    }

    private static String clip(GraphBuilder graph, String x, float least, float greatest) {
        return graph.node(
                "Clip",
                List.of(x, graph.constant("least", new float[] {least}), graph.constant("greatest", new float[] {
                    greatest
                })));
    }

    /** ONNX has Gelu since opset 20 only: x * 0.5 * (1 + erf(x / sqrt(2))). */
    private static String gelu(GraphBuilder graph, String x) {
        String erf = graph.node("Erf", List.of(multiplied(graph, x, (float) Math.sqrt(0.5))));
        String one = graph.constant("one", new float[] {1}, 1);
        String twice = graph.node("Mul", List.of(x, graph.node("Add", List.of(erf, one))));
        return multiplied(graph, twice, 0.5f);
    }

    private static String timesSigmoid(GraphBuilder graph, String x, String logOdds) {
        return graph.node("Mul", List.of(x, graph.node("Sigmoid", List.of(logOdds))));
    }

    private static String multiplied(GraphBuilder graph, String x, float factor) {
        return graph.node("Mul", List.of(x, graph.constant("factor", new float[] {factor}, 1)));
    }

    @Override
    public String toString() {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return alpha == 0 ? name : name + "(" + alpha + ")";
    }
}
