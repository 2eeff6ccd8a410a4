package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** A convolution over a sequence (one window) or an image (two: height, width); cross-correlation, not flipped. */
public final class Convolution extends Layer {
    private final List<Window> windows;
    private final int channels;
    private final int filters;
    private final float[] weights;
    private final float[] bias;

    /**
     * Checks shapes and that every weight is finite.
     *
     * @param weights row-major, shape [filters, channels, kernel] or [filters, channels, kernel height, kernel width]
     * @param bias shape [filters]
     */
    public Convolution(List<Window> windows, int channels, int filters, float[] weights, float[] bias) {
        Windows.requireOneOrTwo(windows);
        int places = windows.stream().mapToInt(Window::kernel).reduce(1, Math::multiplyExact);
        Weights.require("convolution weights", weights, filters, channels, places);
        Weights.require("convolution bias", bias, filters);
        this.windows = List.copyOf(windows);
        this.channels = channels;
        this.filters = filters;
        this.weights = weights;
        this.bias = bias;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.channels() != channels || !Windows.fit(windows, input)) {
            throw unexpected(input, "%s of %d channels".formatted(Windows.kind(windows), channels));
        }
        return Windows.outputShape(windows, input).withChannels(filters);
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        long[] shape = new long[2 + windows.size()];
        shape[0] = filters;
        shape[1] = channels;
        for (int axis = 0; axis < windows.size(); axis++) {
            shape[2 + axis] = windows.get(axis).kernel();
        }
        output.set(graph.node(
                "Conv",
                List.of(
                        input.name(),
                        graph.constant("kernel", weights, shape),
                        graph.constant("kernel_bias", bias, filters)),
                Windows.attributes(windows)));
    }
}
