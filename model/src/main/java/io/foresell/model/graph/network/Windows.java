package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What convolution and pooling share: one window over the steps of a sequence, or two over height and width. */
final class Windows {
    private Windows() {}

    static void requireOneOrTwo(List<Window> windows) {
        if (windows.isEmpty() || windows.size() > 2) {
            throw new IllegalArgumentException("windows: %d (expected: 1 or 2)".formatted(windows.size()));
        }
    }

    static boolean fit(List<Window> windows, Shape shape) {
        return windows.size() == 1 ? shape instanceof Shape.Sequence : shape instanceof Shape.Image;
    }

    static String kind(List<Window> windows) {
        return windows.size() == 1 ? "a sequence" : "an image";
    }

    /** Returns the shape after the windows moved over one that fits. */
    static Shape outputShape(List<Window> windows, Shape input) {
        if (input instanceof Shape.Image image) {
            return new Shape.Image(
                    image.channels(),
                    windows.get(0).outputLength(image.height()),
                    windows.get(1).outputLength(image.width()));
        }
        Shape.Sequence sequence = (Shape.Sequence) input;
        return new Shape.Sequence(sequence.channels(), windows.get(0).outputLength(sequence.length()));
    }

    /** Returns kernel, pads and strides, and dilations where there are any: average pooling of opset 15 has none. */
    static AttributeProto[] attributes(List<Window> windows, AttributeProto... more) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(more));
        attributes.add(GraphBuilder.integers("kernel_shape", each(windows, Window::kernel)));
        List<Long> pads = new ArrayList<>(each(windows, Window::before));
        pads.addAll(each(windows, Window::after));
        attributes.add(GraphBuilder.integers("pads", pads));
        attributes.add(GraphBuilder.integers("strides", each(windows, Window::stride)));
        if (isDilated(windows)) {
            attributes.add(GraphBuilder.integers("dilations", each(windows, Window::dilation)));
        }
        return attributes.toArray(new AttributeProto[0]);
    }

    static boolean isDilated(List<Window> windows) {
        return windows.stream().anyMatch(window -> window.dilation() > 1);
    }

    private static List<Long> each(List<Window> windows, Function<Window, Integer> value) {
        return windows.stream().map(window -> (long) value.apply(window)).toList();
    }
}
