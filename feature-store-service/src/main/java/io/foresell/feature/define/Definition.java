package io.foresell.feature.define;

/** What the store keeps. Immutable. */
public sealed interface Definition permits EntityDefinition, RowView, FeatureSetDefinition {
    /** Names within one space are unique. Views and label views share a space, because rows are sent to either by name. */
    enum Space {
        ENTITY,
        VIEW,
        FEATURE_SET
    }

    String name();

    Space space();

    /** Returns the name of the field that holds this kind on the wire, for messages. */
    String kindName();

    /** Returns the definition without its texts for people, which do not change its meaning. */
    Definition withoutDescriptions();
}
