package io.foresell.model.graph;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;

/** Encoded columns next to each other: the same computation in Java, for training, and as nodes of a graph. */
interface ColumnBlock {
    /** Returns a name per column. */
    List<String> names();

    default int width() {
        return names().size();
    }

    /** Returns the input that a column reads. */
    String input(int column);

    /** Returns whether no column is ever NaN because its input is missing. */
    default boolean isFilled() {
        return true;
    }

    /** Writes the columns of one row from {@code encoded[at]} on, where zeros are. */
    void encode(Rows rows, int row, float[] encoded, int at);

    /** Writes the nodes and returns the name of the columns, [N, width]. */
    String write(GraphBuilder graph);

    /** Returns the text of an input in a row. */
    static String text(Signature signature, Rows rows, int row, int place) {
        return rows.texts()[row * signature.textWidth() + place];
    }
}
