package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One column per category of a text. */
final class CategoryBlock implements ColumnBlock {
    private final Signature signature;
    private final TextEncoding text;
    private final int place;
    private final Map<String, Integer> columns = new HashMap<>();

    CategoryBlock(Signature signature, TextEncoding text) {
        this.signature = signature;
        this.text = text;
        this.place = signature.offset(text.input());
        text.categories().forEach(category -> columns.put(category, columns.size()));
    }

    @Override
    public String input(int column) {
        return text.input();
    }

    @Override
    public List<String> names() {
        return text.categories().stream()
                .map(category -> text.input() + "=" + category)
                .toList();
    }

    @Override
    public int width() {
        return text.categories().size();
    }

    @Override
    public void encode(Rows rows, int row, float[] encoded, int at) {
        Integer column = columns.get(ColumnBlock.text(signature, rows, row, place));
        if (column != null) {
            encoded[at + column] = 1;
        }
    }

    @Override
    public String write(GraphBuilder graph) {
        return write(graph, text.input(), text.categories());
    }

    /** Returns one column per category of a text [N, 1]. */
    static String write(GraphBuilder graph, String input, List<String> categories) {
        // [N, 1] becomes [N, 1, categories].
        String oneHot = graph.mlNode(
                "OneHotEncoder",
                List.of(input),
                GraphBuilder.texts("cats_strings", categories),
                GraphBuilder.integer("zeros", 1));
        return graph.node("Flatten", List.of(oneHot), GraphBuilder.integer("axis", 1));
    }
}
