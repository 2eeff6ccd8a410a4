package io.foresell.kit;

import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/** The one exception that crosses modules: carries a {@link Failure} to the edge, where it becomes a status. */
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ServiceException(Failure failure) {
        this(failure, null);
    }

    public ServiceException(Failure failure, @Nullable Throwable cause) {
        super(failure.reason() + ": " + failure.message(), isStatus(cause) ? null : cause);
        this.failure = failure;
        if (cause != null && isStatus(cause)) {
            addSuppressed(cause);
        }
    }

    /** gRPC takes the first status in a chain of causes for the answer: a peer's status must not hide our failure. */
    private static boolean isStatus(@Nullable Throwable cause) {
        return cause instanceof StatusRuntimeException || cause instanceof StatusException;
    }

    public Failure failure() {
        return failure;
    }
}
