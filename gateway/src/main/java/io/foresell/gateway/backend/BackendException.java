package io.foresell.gateway.backend;

import io.grpc.StatusRuntimeException;
import java.time.Duration;

/** A service answered with a status other than OK, or not at all; the cause is what gRPC said. */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Backend backend;
    private final StatusRuntimeException status;
    private final Duration deadline;

    BackendException(Backend backend, Duration deadline, StatusRuntimeException status) {
        super(status);
        this.backend = backend;
        this.deadline = deadline;
        this.status = status;
    }

    public Backend backend() {
        return backend;
    }

    /** Returns the status with its details in the trailers. */
    public StatusRuntimeException status() {
        return status;
    }

    /** Returns how long the call was allowed to take. */
    public Duration deadline() {
        return deadline;
    }
}
