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
}
