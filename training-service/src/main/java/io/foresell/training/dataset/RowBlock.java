package io.foresell.training.dataset;

import java.util.List;

/**
 * Some rows as they arrive, column by column. The arrays are not copied: the builder reads them at once.
 *
 * @param entityKeys one per row
 * @param timesMillis the instants the features are seen from, one per row
 * @param labels the labels, one per row
 * @param columns in the feature set's order, the same in every block
 */
@SuppressWarnings("ArrayRecordComponent")
public record RowBlock(List<String> entityKeys, long[] timesMillis, Target labels, List<Column> columns) {
    /** The labels of all rows; the same kind in every block. */
    public sealed interface Target {
        /** Returns how many there are. */
        int count();
    }

    /** Numbers; of two classes 1 and 0. */
    public record NumberTarget(double[] values) implements Target {
        @Override
        public int count() {
            return values.length;
        }
    }

    /** Classes by name. */
    public record TextTarget(List<String> values) implements Target {
        @Override
        public int count() {
            return values.size();
        }
    }

    /** Rows without labels, as a clustering reads them. */
    public record NoTarget(int count) implements Target {}

    /** One feature of all rows. */
    public sealed interface Column {
        /** Returns the feature's name. */
        String name();
    }

    /**
     * Numbers of one feature.
     *
     * @param width 1, or the length of the sequence
     * @param values row-major, shape [row_count, width]; NaN is missing
     */
    public record Numbers(String name, int width, double[] values) implements Column {}

    /**
     * Texts of one feature.
     *
     * @param dictionary the different texts of this block; the empty text is missing
     * @param codes indexes into the dictionary, one per row; -1 is missing
     */
    public record Texts(String name, List<String> dictionary, int[] codes) implements Column {}
}
