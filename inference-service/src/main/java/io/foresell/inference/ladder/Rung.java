package io.foresell.inference.ladder;

import java.util.Locale;

/** What answers a row, best first. */
public enum Rung {
    /** The version that the release chose. */
    CHOSEN,
    /** The release's fallback version. */
    FALLBACK,
    /** The score that the subject got last. */
    LAST_KNOWN,
    /** Nothing: the call fails. */
    REFUSAL;

    /** Returns the value of a metric's tag. */
    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
