package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/**
 * The row of a table that a number names: of a vector of one number, a vector; of a sequence of one channel, a sequence of
 * rows. A number is cut off towards zero; one outside of the table reads the nearest row.
 */
public final class Embedding extends Layer {
    private final int rows;
    private final int width;
    private final float[] table;

    /**
     * Checks the shape and that every weight is finite.
     *
     * @param rows at most 2^24, the greatest number up to which floats hold every integer
     * @param table row-major, shape [rows, width]; a bias, where there is one, added to every row
     */
    public Embedding(int rows, int width, float[] table) {
        Weights.require("embedding table", table, rows, width);
        if (rows > 1 << 24) {
            throw new IllegalArgumentException("rows of an embedding: %d (expected: 1..%d)".formatted(rows, 1 << 24));
        }
        this.rows = rows;
        this.width = width;
        this.table = table;
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input instanceof Shape.Image || input.channels() != 1) {
            throw unexpected(input, "one index, or a sequence of indices in one channel");
        }
        return input.withChannels(width);
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        boolean isSequence = input.shape() instanceof Shape.Sequence;
        String numbers = input.name();
        if (isSequence) {
            numbers = graph.node("Squeeze", List.of(numbers, graph.constant("channel", 1)));
        }
        String clipped = graph.node(
                "Clip",
                List.of(numbers, graph.constant("first_row", new float[] {0}), graph.constant("last_row", new float[] {
                    rows - 1
                })));
        String indices = graph.node("Cast", List.of(clipped), GraphBuilder.integer("to", GraphBuilder.INT64));
        String rowsRead = graph.node(
                "Gather",
                List.of(graph.constant("embedding", table, rows, width), indices),
                GraphBuilder.integer("axis", 0));
        if (isSequence) {
            output.set(Wire.Order.CHANNELS_LAST, rowsRead);
        } else {
            output.set(graph.node("Flatten", List.of(rowsRead), GraphBuilder.integer("axis", 1)));
        }
    }
}
