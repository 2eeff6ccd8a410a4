package io.foresell.feature.define;

/** What to do with a missing value at ingest. */
public enum MissingRule {
    KEEP,
    CONSTANT,
    LAST,
    QUARANTINE
}
