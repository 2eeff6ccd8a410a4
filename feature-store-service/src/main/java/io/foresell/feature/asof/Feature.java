package io.foresell.feature.asof;

import io.foresell.feature.history.EntityHistory;

/** One input of a model, ready to be computed. Immutable. */
public sealed interface Feature permits SnapshotFeature, AggregateFeature {
    double MILLIS_PER_DAY = 86_400_000.0;

    String name();

    /** Returns the index of its view in the plan. */
    int view();

    /** Returns the length of the sequence; 1 for a single value. */
    int width();

    boolean isText();

    /**
     * Computes the value of one row.
     *
     * @param latest the newest row of the history visible at the instant, -1 without any
     * @param column the feature's index in the table
     */
    void fill(EntityHistory history, int latest, long asOfMillis, FeatureTable table, int column, int row);
}
