package io.foresell.model.graph;

/** Takes encoded rows without their zeros. */
public interface ColumnSink {
    /** Takes a value of the row, not 0, perhaps NaN; columns come in ascending order. */
    void add(int column, float value);

    /** Ends the row. */
    void endRow();
}
