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

    /**
     * Gives the columns of one row that are not 0, with {@code at} added.
     *
     * @param scratch as wide as the block, of zeros, before and after
     */
    default void encodeSparse(Rows rows, int row, int at, float[] scratch, ColumnSink sink) {
        encode(rows, row, scratch, 0);
        int width = width();
        for (int column = 0; column < width; column++) {
            if (scratch[column] != 0) {
                sink.add(at + column, scratch[column]);
                scratch[column] = 0;
            }
        }
    }

    /** Writes the nodes and returns the name of the columns, [N, width]. */
    String write(GraphBuilder graph);

    /** Returns the text of an input in a row. */
    static String text(Signature signature, Rows rows, int row, int place) {
        return rows.texts()[row * signature.textWidth() + place];
    }

    /** Returns a sink that writes into an array. */
    static ColumnSink into(float[] encoded) {
        return new ColumnSink() {
            @Override
            public void add(int column, float value) {
                encoded[column] = value;
            }

            @Override
            public void endRow() {}
        };
    }
}
