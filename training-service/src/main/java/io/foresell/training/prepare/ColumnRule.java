package io.foresell.training.prepare;

import java.util.List;

/**
 * Says what becomes of some features.
 *
 * @param columns names of features; empty means all that the plan suits and that no other rule names
 */
public record ColumnRule(List<String> columns, ColumnPlan plan) {
    public ColumnRule {
        columns = List.copyOf(columns);
    }
}
