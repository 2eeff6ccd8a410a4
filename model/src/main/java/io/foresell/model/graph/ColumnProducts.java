package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Adds the products of pairs of columns after all columns: interactions of numbers, of categories, and of both.
 *
 * @param inputs number of columns before
 * @param first index of the one factor of each product, 1 or more
 * @param second index of the other factor, as many
 */
public record ColumnProducts(int inputs, List<Integer> first, List<Integer> second) implements ColumnStep {
    public ColumnProducts {
        first = List.copyOf(first);
        second = List.copyOf(second);
        Parameters.requireLength("second factors", second.size(), first.size());
        if (first.isEmpty()) {
            throw new IllegalArgumentException("products of columns: 0 (expected: 1 or more)");
        }
        for (int i = 0; i < first.size(); i++) {
            if (Math.min(first.get(i), second.get(i)) < 0 || Math.max(first.get(i), second.get(i)) >= inputs) {
                throw new IllegalArgumentException("product of columns %d and %d (expected: 0..%d)"
                        .formatted(first.get(i), second.get(i), inputs - 1));
            }
        }
    }

    @Override
    public int outputs() {
        return inputs + first.size();
    }

    @Override
    public List<String> names(List<String> names) {
        List<String> all = new ArrayList<>(names);
        for (int i = 0; i < first.size(); i++) {
            all.add("%s * %s".formatted(names.get(first.get(i)), names.get(second.get(i))));
        }
        return all;
    }

    @Override
    public void apply(float[] from, int fromAt, float[] to, int toAt) {
        System.arraycopy(from, fromAt, to, toAt, inputs);
        for (int i = 0; i < first.size(); i++) {
            to[toAt + inputs + i] = from[fromAt + first.get(i)] * from[fromAt + second.get(i)];
        }
    }

    @Override
    public String write(GraphBuilder graph, String columns) {
        String left = ColumnSelection.write(graph, columns, "first_factors", first);
        String right = ColumnSelection.write(graph, columns, "second_factors", second);
        return graph.concat(List.of(columns, graph.node("Mul", List.of(left, right))));
    }
}
