package io.foresell.store.embedded;

/** The embedded store could not be opened. The message states the value and what was expected. */
public final class EmbeddedStoreException extends RuntimeException {
    EmbeddedStoreException(String message) {
        super(message);
    }

    EmbeddedStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
