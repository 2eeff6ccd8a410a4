package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** The greatest or the mean value under a window, per channel; of a sequence (one window) or an image (two). */
public final class Pooling extends Layer {
    /** What is left of the values under a window. */
    public enum Kind {
        /** The greatest; padding never wins. */
        MAX,
        /** The mean of those that are no padding. */
        AVERAGE,
        /** The mean of all, padding counted as zeros. */
        AVERAGE_WITH_PADDING
    }

    private final Kind kind;
    private final List<Window> windows;

    /** Refuses dilated means, which ONNX has not before opset 19. */
    public Pooling(Kind kind, List<Window> windows) {
        Windows.requireOneOrTwo(windows);
        if (kind != Kind.MAX && Windows.isDilated(windows)) {
            throw new IllegalArgumentException(
                    "windows of %s pooling: %s (expected: dilation 1)".formatted(kind, windows));
        }
        this.kind = kind;
        this.windows = List.copyOf(windows);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (!Windows.fit(windows, input)) {
            throw unexpected(input, Windows.kind(windows));
        }
        return Windows.outputShape(windows, input);
    }

    @Override
    void write(Wire input, Wire output) {
        List<String> inputs = List.of(input.name());
        GraphBuilder graph = output.graph();
        output.set(
                kind == Kind.MAX
                        ? graph.node("MaxPool", inputs, Windows.attributes(windows))
                        : graph.node(
                                "AveragePool",
                                inputs,
                                Windows.attributes(
                                        windows,
                                        GraphBuilder.integer(
                                                "count_include_pad", kind == Kind.AVERAGE_WITH_PADDING ? 1 : 0))));
    }
}
