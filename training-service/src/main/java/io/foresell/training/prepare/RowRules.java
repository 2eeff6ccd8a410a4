package io.foresell.training.prepare;

import java.util.List;

/**
 * Which rows of a training fold are left out. Rows that judge are never touched.
 *
 * @param requiredColumns features without which a row is left out
 */
public record RowRules(List<String> requiredColumns, Duplicates duplicates) {
    /** Keeps every row. */
    public static final RowRules NONE = new RowRules(List.of(), Duplicates.KEEP);

    public RowRules {
        requiredColumns = List.copyOf(requiredColumns);
    }

    /** Says which rows are the same; the first of them stays. */
    public enum Duplicates {
        /** All rows stay. */
        KEEP,
        /** Rows of one entity with the same features and the same label. */
        OF_ENTITY,
        /** Rows with the same features and the same label, whosever they are. */
        OF_VALUES
    }
}
