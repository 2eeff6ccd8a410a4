package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** The last step of a sequence: a vector of its channels. */
public final class LastStep extends Layer {
    @Override
    public Shape outputShape(Shape input) {
        if (input instanceof Shape.Sequence) {
            return new Shape.Vector(input.channels());
        }
        throw unexpected(input, "a sequence");
    }

    @Override
    void write(Wire input, Wire output) {
        String known = input.lastStep();
        if (known != null) {
            output.set(known);
            return;
        }
        GraphBuilder graph = output.graph();
        Wire.Order order = input.anyOrder();
        int last = ((Shape.Sequence) input.shape()).length() - 1;
        output.set(graph.node(
                "Gather",
                List.of(input.name(order), graph.scalar("last_step", last)),
                GraphBuilder.integer("axis", Wire.lengthAxis(order))));
    }
}
