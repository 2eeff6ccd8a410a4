package io.foresell.gateway.backend;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
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

    /** Returns the cause that the service named in UPPER_SNAKE; empty when it named none. */
    public String reason() {
        Metadata trailers = status.getTrailers();
        com.google.rpc.Status said =
                trailers == null ? null : StatusProto.fromStatusAndTrailers(status.getStatus(), trailers);
        if (said == null) {
            return "";
        }
        try {
            for (Any detail : said.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class).getReason();
                }
            }
        } catch (InvalidProtocolBufferException e) {
            return ""; // what cannot be read names nothing
        }
        return "";
    }

    /** Returns how long the call was allowed to take. */
    public Duration deadline() {
        return deadline;
    }
}
