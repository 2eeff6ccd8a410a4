package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** A vector, or a sequence of one channel, as an image: channel by channel, row by row. */
public final class ToImage extends Layer {
    private final Shape.Image image;

    /** Makes images of this shape. */
    public ToImage(int channels, int height, int width) {
        this.image = new Shape.Image(channels, height, width);
    }

    @Override
    public Shape outputShape(Shape input) {
        boolean isFlat = input instanceof Shape.Vector || (input instanceof Shape.Sequence && input.channels() == 1);
        if (!isFlat || input.size() != image.size()) {
            throw unexpected(input, "%d values in a row".formatted(image.size()));
        }
        return image;
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        String shape = graph.constant("image_shape", -1, image.channels(), image.height(), image.width());
        output.set(graph.node("Reshape", List.of(input.name(), shape)));
    }
}
