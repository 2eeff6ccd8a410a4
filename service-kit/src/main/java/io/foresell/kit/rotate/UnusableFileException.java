package io.foresell.kit.rotate;

import org.jspecify.annotations.Nullable;

/** What files hold cannot be used; the message names the place and what is expected, never a secret. */
public final class UnusableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnusableFileException(String message) {
        this(message, null);
    }

    public UnusableFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
