package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The column of a {@link TextNumberEncoding}. */
final class TextNumberBlock implements ColumnBlock {
    private final Signature signature;
    private final TextNumberEncoding text;
    private final int place;

    TextNumberBlock(Signature signature, TextNumberEncoding text) {
        this.signature = signature;
        this.text = text;
        this.place = signature.offset(text.input());
    }

    @Override
    public String input(int column) {
        return text.input();
    }

    @Override
    public List<String> names() {
        return List.of(text.input());
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        encoded[at] = text.numbers().getOrDefault(ColumnBlock.text(signature, rows, row, place), text.unseen());
    }

    @Override
    public String write(GraphBuilder graph) {
        Map<String, Float> sorted = new TreeMap<>(text.numbers());
        return graph.mlNode(
                "LabelEncoder",
                List.of(text.input()),
                GraphBuilder.texts("keys_strings", List.copyOf(sorted.keySet())),
                GraphBuilder.numbers("values_floats", new ArrayList<>(sorted.values())),
                GraphBuilder.number("default_float", text.unseen()));
    }
}
