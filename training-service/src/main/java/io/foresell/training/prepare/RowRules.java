package io.foresell.training.prepare;

import java.util.List;

/**
 * Which rows of a training fold are left out. Rows that judge are never touched.
 *
 * @param requiredColumns features without which a row is left out
 * @param isolatedShare share of the rows that an isolation forest separates soonest, 0 to 0.5
 * @param isolated what becomes of the rows that an isolation forest separates soonest; meaningless without a share of them
 */
public record RowRules(List<String> requiredColumns, Duplicates duplicates, double isolatedShare, Isolated isolated) {
    /** Keeps every row. */
    public static final RowRules NONE = new RowRules(List.of(), Duplicates.KEEP);

    public RowRules {
        requiredColumns = List.copyOf(requiredColumns);
        Plans.require("isolated_share", isolatedShare, 0, 0.5);
    }

    /** Makes rules that leave no row out for being unlike the others. */
    public RowRules(List<String> requiredColumns, Duplicates duplicates) {
        this(requiredColumns, duplicates, 0, Isolated.DROP);
    }

    /** Returns whether columns say how soon an isolation forest separates a row. */
    boolean flagsIsolated() {
        return isolatedShare > 0 && isolated == Isolated.FLAG;
    }

    /** Says what becomes of rows that are unlike the others. There is no value of theirs that could be clipped. */
    public enum Isolated {
        /** Rows that train are left out; rows to be answered are answered. */
        DROP,
        /** Two columns say how unlike the others a row is, and whether it would be left out; in rows to be answered too. */
        FLAG
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
