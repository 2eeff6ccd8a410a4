package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;

/** The column of a {@link MissingEncoding}. */
final class MissingBlock implements ColumnBlock {
    private final Signature signature;
    private final MissingEncoding missing;
    private final String input;
    private final int place;

    MissingBlock(Signature signature, MissingEncoding missing) {
        this.signature = signature;
        this.missing = missing;
        this.input = missing.field().name();
        this.place = signature.offset(input);
    }

    @Override
    public String input(int column) {
        return input;
    }

    @Override
    public List<String> names() {
        return List.of(input + " is missing");
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        boolean isMissing = missing.isText()
                ? ColumnBlock.text(signature, rows, row, place).isEmpty()
                : Float.isNaN(rows.numbers()[row * signature.numberWidth() + place]);
        encoded[at] = isMissing ? 1 : 0;
    }

    @Override
    public String write(GraphBuilder graph) {
        return missing.isText()
                ? CategoryBlock.write(graph, input, List.of(""))
                : graph.toFloat(graph.node("IsNaN", List.of(input)));
    }
}
