package io.foresell.feature.define;

/** How the rows of a view stand for an entity. */
public enum ViewKind {
    UNSPECIFIED,
    /** Each row replaces the earlier row; features are the columns. */
    SNAPSHOT,
    /** Each row is one event; features are the aggregations. */
    EVENTS
}
