package io.foresell.feature.define;

import java.time.Duration;

/**
 * When the rows of a view became known.
 *
 * @param column the source column of {@link KnownTimeRule#COLUMN}; empty otherwise
 * @param delay added to the event time by {@link KnownTimeRule#EVENT_TIME}
 */
public record KnownTime(KnownTimeRule rule, String column, Duration delay) {
    public static final KnownTime INGEST = new KnownTime(KnownTimeRule.INGEST, "", Duration.ZERO);
}
