package io.foresell.model.graph;

import java.util.List;

/** What becomes of all encoded columns of a row, before a model reads them. */
public sealed interface ColumnStep
        permits ColumnSelection, ColumnProjection, ColumnProducts, ColumnCompletion, ColumnIsolation {
    /** Returns how many columns it reads. */
    int inputs();

    /** Returns how many columns it leaves. */
    int outputs();

    /** Returns the names of the columns it leaves, from those of the columns it reads. */
    List<String> names(List<String> names);

    /** Computes the columns of one row in floats, as the graph does. */
    void apply(float[] from, int fromAt, float[] to, int toAt);

    /** Writes the nodes over columns [N, inputs] and returns the name of the result, [N, outputs]. */
    String write(GraphBuilder graph, String columns);
}
