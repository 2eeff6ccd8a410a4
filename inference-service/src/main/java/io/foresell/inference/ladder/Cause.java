package io.foresell.inference.ladder;

import java.util.Locale;

/** Why the version that the release chose did not answer. */
public enum Cause {
    /** It takes longer than the deadline leaves, waiting included. */
    DEADLINE,
    /** The feature store had not answered when there was no more time to wait. */
    FEATURES_LATE,
    /** The feature store is away. */
    FEATURES_AWAY,
    /** Too many large batches wait. */
    QUEUE_FULL,
    /** It failed on a sound row. */
    SCORER_FAILED;

    /** Returns the value of a metric's tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
