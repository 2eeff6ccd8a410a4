package io.foresell.feature.define;

/** Says how the text of a column is read. All but {@link #TEXT} and {@link #NUMBERS} are kept as numbers. */
public enum ValueType {
    UNSPECIFIED,
    NUMBER,
    TEXT,
    BOOLEAN,
    /** Kept as milliseconds since the epoch, UTC. */
    TIMESTAMP,
    /** Several numbers; kept as {@link NumbersText}. */
    NUMBERS;

    public boolean isText() {
        return this == TEXT;
    }

    /** Returns whether stored rows hold a text rather than a number. */
    public boolean isKeptAsText() {
        return this == TEXT || this == NUMBERS;
    }
}
