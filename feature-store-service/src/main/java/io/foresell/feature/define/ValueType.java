package io.foresell.feature.define;

/** Says how the text of a column is read. All but {@link #TEXT} are kept as numbers. */
public enum ValueType {
    UNSPECIFIED,
    NUMBER,
    TEXT,
    BOOLEAN,
    /** Kept as milliseconds since the epoch, UTC. */
    TIMESTAMP;

    public boolean isText() {
        return this == TEXT;
    }
}
