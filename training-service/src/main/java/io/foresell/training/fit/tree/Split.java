package io.foresell.training.fit.tree;

/**
 * How a node divides its rows. Of a number, codes up to the limit go to the yes child; of an indicator, all codes but the
 * limit.
 *
 * @param column encoded column
 * @param group the column's group
 * @param isMissingYes where a missing number goes
 * @param gain what the children are purer, summed over rows
 */
record Split(int column, BinnedColumns.Group group, int limit, boolean isMissingYes, double gain) {
    boolean isYes(int row) {
        return group.isYes(row, limit, isMissingYes);
    }

    /** Returns the number below which an encoded value goes to the yes child. */
    float threshold() {
        if (!group.isNumber()) {
            return 0.5f;
        }
        return limit < 0 ? -Float.MAX_VALUE : group.cuts()[limit];
    }
}
