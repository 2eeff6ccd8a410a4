package io.foresell.feature.define;

/** When a row became known to us, the second axis of time. */
public enum KnownTimeRule {
    INGEST,
    COLUMN,
    EVENT_TIME
}
