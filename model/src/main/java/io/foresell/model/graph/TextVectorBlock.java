package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a {@link TextVectorEncoding}. */
final class TextVectorBlock implements ColumnBlock {
    private final Signature signature;
    private final TextVectorEncoding text;
    private final int place;
    private final Map<String, Integer> indexes = new HashMap<>();

    TextVectorBlock(Signature signature, TextVectorEncoding text) {
        this.signature = signature;
        this.text = text;
        this.place = signature.offset(text.input);
        text.texts.forEach(value -> indexes.put(value, indexes.size()));
    }

    @Override
    public String input(int column) {
        return text.input;
    }

    @Override
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < text.width; i++) {
            names.add("%s factor %d".formatted(text.input, i));
        }
        return names;
    }

    @Override
    public int width() {
        return text.width;
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        int index = indexes.getOrDefault(ColumnBlock.text(signature, rows, row, place), text.texts.size());
        System.arraycopy(text.vectors, index * text.width, encoded, at, text.width);
    }

    @Override
    public String write(GraphBuilder graph) {
        long[] numbers = new long[text.texts.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        String index = graph.mlNode(
                "LabelEncoder",
                List.of(text.input),
                GraphBuilder.texts("keys_strings", text.texts),
                GraphBuilder.integers("values_int64s", numbers),
                GraphBuilder.integer("default_int64", numbers.length));
        String vectors = graph.constant("vectors", text.vectors, numbers.length + 1, text.width);
        // [N, 1] becomes [N, 1, width].
        String found = graph.node("Gather", List.of(vectors, index), GraphBuilder.integer("axis", 0));
        return graph.node("Flatten", List.of(found), GraphBuilder.integer("axis", 1));
    }
}
