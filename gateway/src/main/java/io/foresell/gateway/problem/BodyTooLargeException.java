package io.foresell.gateway.problem;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Ends the reading of a body that is larger than the gateway takes. */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public BodyTooLargeException(long maxBytes) {
        super("body larger than " + maxBytes + " bytes");
        this.problem = Problem.of(
                413, "BODY_TOO_LARGE", "body: more than %d bytes (expected: 0..%d)".formatted(maxBytes, maxBytes));
    }

    /** Returns the one among the causes of an error, or null: parsers wrap what their input throws. */
    static @Nullable BodyTooLargeException causeOf(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return tooLarge;
            }
        }
        return null;
    }

    /** Returns the problem to answer with. */
    public Problem problem() {
        return problem;
    }
}
