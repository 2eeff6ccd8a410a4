package io.foresell.model.graph;

import java.util.List;

/**
 * Keeps some columns: feature selection.
 *
 * @param inputs number of columns before
 * @param kept indexes of the columns that stay, in their new order, 1 or more
 */
public record ColumnSelection(int inputs, List<Integer> kept) implements ColumnStep {
    public ColumnSelection {
        kept = List.copyOf(kept);
        if (kept.isEmpty()) {
            throw new IllegalArgumentException("kept columns: 0 (expected: 1 or more)");
        }
        for (int column : kept) {
            if (column < 0 || column >= inputs) {
                throw new IllegalArgumentException("kept column: %d (expected: 0..%d)".formatted(column, inputs - 1));
            }
        }
    }

    @Override
    public int outputs() {
        return kept.size();
    }

    @Override
    public List<String> names(List<String> names) {
        return kept.stream().map(names::get).toList();
    }

    @Override
    public void apply(float[] from, int fromAt, float[] to, int toAt) {
        for (int i = 0; i < kept.size(); i++) {
            to[toAt + i] = from[fromAt + kept.get(i)];
        }
    }

    @Override
    public String write(GraphBuilder graph, String columns) {
        return write(graph, columns, "kept_columns", kept);
    }

    /** Returns some columns of [N, columns] in this order. */
    static String write(GraphBuilder graph, String columns, String wish, List<Integer> kept) {
        long[] indexes = kept.stream().mapToLong(Integer::longValue).toArray();
        return graph.node("Gather", List.of(columns, graph.constant(wish, indexes)), GraphBuilder.integer("axis", 1));
    }
}
