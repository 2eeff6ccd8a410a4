package io.foresell.model.tree;

/** What becomes of the leaves that a row reaches, for each target. The base value is added afterwards. */
public enum Aggregate {
    SUM,
    /** The sum divided by the number of all trees, those without a leaf for the target included. */
    AVERAGE,
    MIN,
    MAX;

    boolean isAdditive() {
        return this == SUM || this == AVERAGE;
    }
}
