package io.foresell.feature.define;

import java.util.List;

/** What rows of a source can be sent to: a feature view or a label view. Empty column names mean "none". */
public sealed interface RowView extends Definition permits FeatureViewDefinition, LabelViewDefinition {
    String entity();

    String entityKeyColumn();

    String eventTimeColumn();

    String eventIdColumn();

    KnownTime knownTime();

    List<ColumnDefinition> columns();

    /** Returns whether an entity has at most one row per instant and delivery: a snapshot or a label. */
    boolean isOneRowPerInstant();

    @Override
    default Space space() {
        return Space.VIEW;
    }
}
