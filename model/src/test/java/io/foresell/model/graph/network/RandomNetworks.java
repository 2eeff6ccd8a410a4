package io.foresell.model.graph.network;

import io.foresell.model.graph.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Networks of every layer, their order, sizes and weights drawn from a seed. */
public final class RandomNetworks {
    private static final List<Activation> FUNCTIONS = List.of(
            Activation.RELU,
            Activation.RELU6,
            Activation.leakyRelu(0.1f),
            Activation.thresholdedRelu(0.3f),
            Activation.elu(0.7f),
            Activation.SELU,
            Activation.GELU,
            Activation.GELU_SIGMOID,
            Activation.SOFTPLUS,
            Activation.SOFTSIGN,
            Activation.HARD_SIGMOID,
            Activation.HARD_TANH,
            Activation.TANH,
            Activation.RECTIFIED_TANH,
            Activation.SIGMOID,
            Activation.SWISH,
            Activation.MISH,
            Activation.SOFTMAX);

    private final Random random;

    public RandomNetworks(long seed) {
        this.random = new Random(seed);
    }

    /** Returns a network over all sequences, with branches, and the encoded columns where there are any. */
    public Network overSequences(Preprocessing preprocessing, int outputs) {
        NetworkBuilder network = new NetworkBuilder(preprocessing);
        Tensor value = network.sequences();
        for (int i = random.nextInt(4); i >= 0; i--) {
            value = network.apply(sequenceLayer((Shape.Sequence) value.shape()), value);
            if (random.nextInt(4) == 0) {
                Tensor other = network.apply(sequenceLike(value.shape()), value);
                value = random.nextBoolean()
                        ? network.join(List.of(value, other))
                        : network.merge(merging(), List.of(value, other));
            }
        }
        List<Tensor> parts = new ArrayList<>();
        parts.add(network.apply(vectorOf(value.shape()), value));
        if (preprocessing.encodedWidth() > 0) {
            parts.add(network.columns());
        }
        return network.build(dense(network, network.join(parts), outputs));
    }

    /** Returns a network over images: one sequence, all its values in a row. */
    public Network overImages(Preprocessing preprocessing, Shape.Image image, int outputs) {
        NetworkBuilder network = new NetworkBuilder(preprocessing);
        Tensor value = network.apply(new ToImage(image.channels(), image.height(), image.width()), network.sequences());
        for (int i = random.nextInt(3); i >= 0; i--) {
            Shape.Image shape = (Shape.Image) value.shape();
            value = network.apply(
                    switch (random.nextInt(4)) {
                        case 0 -> new Pooling(
                                pooled(), List.of(window(shape.height(), false), window(shape.width(), false)));
                        case 1 -> normalization(shape.channels());
                        case 2 -> function();
                        default -> convolution(
                                shape.channels(), window(shape.height(), true), window(shape.width(), true));
                    },
                    value);
        }
        value = network.apply(random.nextBoolean() ? new Flatten() : globalPooling(), value);
        return network.build(dense(network, value, outputs));
    }

    private Layer sequenceLayer(Shape.Sequence shape) {
        int channels = shape.channels();
        return switch (random.nextInt(8)) {
            case 0 -> new Pooling(pooled(), List.of(window(shape.length(), false)));
            case 1 -> normalization(channels);
            case 2 -> function();
            case 3 -> dense(channels, 1 + random.nextInt(6));
            case 4 -> attention(channels);
            case 5 -> cell(channels, 1 + random.nextInt(6));
            case 6 -> bidirectional(channels);
            default -> convolution(channels, window(shape.length(), true));
        };
    }

    /** Returns a layer that keeps the shape. */
    private Layer sequenceLike(Shape shape) {
        return random.nextBoolean()
                ? dense(shape.channels(), shape.channels())
                : cell(shape.channels(), shape.channels());
    }

    private Layer vectorOf(Shape shape) {
        return switch (random.nextInt(3)) {
            case 0 -> new LastStep();
            case 1 -> shape.size() > 200 ? globalPooling() : new Flatten();
            default -> globalPooling();
        };
    }

    private GlobalPooling globalPooling() {
        return switch (random.nextInt(4)) {
            case 0 -> GlobalPooling.of(GlobalPooling.Kind.AVERAGE);
            case 1 -> GlobalPooling.of(GlobalPooling.Kind.SUM);
            case 2 -> GlobalPooling.norm(1 + random.nextInt(3));
            default -> GlobalPooling.of(GlobalPooling.Kind.MAX);
        };
    }

    private Tensor dense(NetworkBuilder network, Tensor input, int outputs) {
        Tensor hidden = network.apply(dense(input.shape().channels(), 1 + random.nextInt(8)), input);
        hidden = network.apply(normalization(hidden.shape().channels()), hidden);
        hidden = network.apply(function(), hidden);
        return network.apply(dense(hidden.shape().channels(), outputs), hidden);
    }

    private Dense dense(int inputs, int outputs) {
        return new Dense(inputs, outputs, weights(outputs * inputs, inputs), weights(outputs, 4));
    }

    private BatchNormalization normalization(int channels) {
        float[] variance = weights(channels, 4);
        for (int i = 0; i < channels; i++) {
            variance[i] = 0.2f + Math.abs(variance[i]);
        }
        return new BatchNormalization(
                weights(channels, 1), weights(channels, 4), weights(channels, 4), variance, 1e-5f);
    }

    private Convolution convolution(int channels, Window... windows) {
        int filters = 1 + random.nextInt(6);
        int places = 1;
        for (Window window : windows) {
            places *= window.kernel();
        }
        return new Convolution(
                List.of(windows),
                channels,
                filters,
                weights(filters * channels * places, channels * places),
                weights(filters, 4));
    }

    private Window window(int length, boolean isDilated) {
        int kernel = 1 + random.nextInt(Math.min(4, length));
        int stride = 1 + random.nextInt(2);
        int dilation = isDilated && kernel * 2 - 1 <= length ? 1 + random.nextInt(2) : 1;
        return switch (random.nextInt(3)) {
            case 0 -> Window.same(length, kernel, stride, dilation);
            case 1 -> Window.causal(kernel, stride, dilation);
            default -> Window.valid(kernel, stride, dilation);
        };
    }

    private SelfAttention attention(int channels) {
        SelfAttention attention = SelfAttention.plain(channels);
        if (random.nextBoolean()) {
            int heads = 1 + random.nextInt(3);
            int width = heads * (1 + random.nextInt(3));
            int outputs = 1 + random.nextInt(5);
            attention = SelfAttention.projected(
                    channels,
                    heads,
                    outputs,
                    weights(width * channels, channels),
                    weights(width * channels, channels),
                    weights(width * channels, channels),
                    weights(outputs * width, width));
        }
        int queries = 1 + random.nextInt(3);
        return random.nextBoolean() ? attention : attention.asking(queries, weights(queries * channels, 1));
    }

    private Recurrent cell(int channels, int units) {
        if (random.nextInt(3) == 0) {
            Activation function = random.nextBoolean() ? Activation.TANH : Activation.RELU;
            return new SimpleRnn(
                    channels,
                    units,
                    weights(units * channels, channels),
                    weights(units * units, 4 * units),
                    weights(units, 4),
                    function);
        }
        return lstm(channels, units, random.nextBoolean(), random.nextInt(4) == 0);
    }

    private Lstm lstm(int channels, int units, boolean hasPeepholes, boolean isHard) {
        Lstm lstm = new Lstm(
                channels,
                units,
                weights(4 * units * channels, channels),
                weights(4 * units * units, units),
                weights(4 * units, 4));
        lstm = isHard ? lstm.withActivations(Activation.HARD_SIGMOID, Activation.SOFTSIGN) : lstm;
        return hasPeepholes ? lstm.withPeepholes(weights(3 * units, 4)) : lstm;
    }

    private Bidirectional bidirectional(int channels) {
        int units = 1 + random.nextInt(4);
        boolean hasPeepholes = random.nextBoolean();
        Bidirectional.Mode mode =
                switch (random.nextInt(4)) {
                    case 0 -> Bidirectional.Mode.CONCATENATION;
                    case 1 -> Bidirectional.Mode.SUM;
                    case 2 -> Bidirectional.Mode.PRODUCT;
                    default -> Bidirectional.Mode.MEAN;
                };
        return new Bidirectional(
                lstm(channels, units, hasPeepholes, false), lstm(channels, units, hasPeepholes, false), mode);
    }

    private Pooling.Kind pooled() {
        return switch (random.nextInt(3)) {
            case 0 -> Pooling.Kind.AVERAGE;
            case 1 -> Pooling.Kind.AVERAGE_WITH_PADDING;
            default -> Pooling.Kind.MAX;
        };
    }

    private Merging merging() {
        return switch (random.nextInt(5)) {
            case 0 -> Merging.SUM;
            case 1 -> Merging.PRODUCT;
            case 2 -> Merging.MEAN;
            case 3 -> Merging.DIFFERENCE;
            default -> Merging.MAX;
        };
    }

    private Activation function() {
        return FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
    }

    /** Returns weights whose sum over that many inputs stays around 1. */
    private float[] weights(int count, int inputs) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
        }
        return weights;
    }
}
