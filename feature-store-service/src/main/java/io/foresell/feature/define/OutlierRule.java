package io.foresell.feature.define;

/** What to do with a number outside its column's range at ingest. */
public enum OutlierRule {
    QUARANTINE,
    CLIP,
    DROP
}
