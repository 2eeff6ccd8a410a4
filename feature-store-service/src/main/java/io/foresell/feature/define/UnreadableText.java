package io.foresell.feature.define;

/** A text that is not a value of its type. Without a stack trace: dirty sources throw many. */
public final class UnreadableText extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnreadableText(String reason, String expected) {
        super(expected, null, false, false);
        this.reason = reason;
    }

    /** Returns the cause in UPPER_SNAKE. */
    public String reason() {
        return reason;
    }

    /** Returns what was expected, for messages. */
    public String expected() {
        return String.valueOf(getMessage());
    }
}
