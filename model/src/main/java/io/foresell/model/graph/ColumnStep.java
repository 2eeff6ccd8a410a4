package io.foresell.model.graph;

/** What becomes of all encoded columns of a row, before a model reads them. */
public sealed interface ColumnStep permits ColumnSelection, ColumnProjection {
    /** Returns how many columns it reads. */
    int inputs();

    /** Returns how many columns it leaves. */
    int outputs();
}
