package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;
import java.util.stream.LongStream;

/** Some numbers of a vector that stand next to each other, e.g. the one that an embedding reads. */
public final class Columns extends Layer {
    private final int first;
    private final int count;

    /** Takes {@code count} numbers from the place {@code first} on. */
    public Columns(int first, int count) {
        if (first < 0 || count < 1 || first > Shape.MAX_SIZE || count > Shape.MAX_SIZE) {
            throw new IllegalArgumentException(
                    "columns: %d from %d (expected: 1 or more from 0 or later)".formatted(count, first));
        }
        this.first = first;
        this.count = count;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input instanceof Shape.Vector vector && vector.width() >= first + count) {
            return new Shape.Vector(count);
        }
        throw unexpected(input, "a vector of %d numbers or more".formatted(first + count));
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        String places = graph.constant(
                "columns", LongStream.range(first, (long) first + count).toArray());
        output.set(graph.node("Gather", List.of(input.name(), places), GraphBuilder.integer("axis", 1)));
    }
}
