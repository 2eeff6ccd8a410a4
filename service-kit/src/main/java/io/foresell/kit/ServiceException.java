package io.foresell.kit;

import org.jspecify.annotations.Nullable;

/** The one exception that crosses modules: carries a {@link Failure} to the edge, where it becomes a status. */
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ServiceException(Failure failure) {
        this(failure, null);
    }

    public ServiceException(Failure failure, @Nullable Throwable cause) {
        super(failure.reason() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
