package io.foresell.training.prepare;

import java.util.List;

/**
 * Which rows of a training fold are left out. Rows that judge are never touched.
 *
 * @param requiredColumns features without which a row is left out
 * @param isolatedShare share of the rows that are left out because an isolation forest separates them soonest, 0 to 0.5
 */
public record RowRules(List<String> requiredColumns, Duplicates duplicates, double isolatedShare) {
    /** Keeps every row. */
    public static final RowRules NONE = new RowRules(List.of(), Duplicates.KEEP);

    public RowRules {
        requiredColumns = List.copyOf(requiredColumns);
        Plans.require("isolated_share", isolatedShare, 0, 0.5);
    }

    /** Makes rules that leave no row out for being unlike the others. */
    public RowRules(List<String> requiredColumns, Duplicates duplicates) {
        this(requiredColumns, duplicates, 0);
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
