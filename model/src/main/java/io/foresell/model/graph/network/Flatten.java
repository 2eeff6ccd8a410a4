package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** All values as one vector, channel by channel. */
public final class Flatten extends Layer {
    @Override
    public Shape outputShape(Shape input) {
        return new Shape.Vector(input.size());
    }

    @Override
    void write(Wire input, Wire output) {
        output.set(
                input.shape() instanceof Shape.Vector
                        ? input.name()
                        : output.graph().node("Flatten", List.of(input.name()), GraphBuilder.integer("axis", 1)));
    }
}
