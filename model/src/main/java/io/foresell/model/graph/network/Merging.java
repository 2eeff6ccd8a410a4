package io.foresell.model.graph.network;

/** How values of one shape become one, number by number. */
public enum Merging {
    /** Their sum. */
    SUM,
    /** Their product. */
    PRODUCT,
    /** Their mean. */
    MEAN,
    /** The first minus the second. */
    DIFFERENCE,
    /** The greatest. */
    MAX
}
