package io.foresell.kit;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that turns a {@link Failure} into a gRPC status with error details, and back on the client's side. */
public final class FailureStatus {
    private static final Logger log = LoggerFactory.getLogger(FailureStatus.class);

    private FailureStatus() {}

    /** Returns the status to send for any error. Bugs become INTERNAL with their text hidden. */
    public static StatusRuntimeException toStatus(Throwable error, String domain) {
        if (error instanceof CancellationException) {
            return Status.CANCELLED.withDescription("the call was cancelled").asRuntimeException();
        }
        return toStatus(toFailure(error, domain), domain);
    }

    /** Returns what may be said of any error. Bugs become INTERNAL with their text hidden; the caller logs them. */
    public static Failure toFailure(Throwable error, String domain) {
        if (error instanceof ServiceException known) {
            return known.failure();
        }
        if (error instanceof StatusRuntimeException remote) {
            return fromStatus(remote);
        }
        return new Failure(
                Status.Code.INTERNAL,
                "INTERNAL",
                "internal error, see the log of " + domain,
                Map.of(),
                List.of(),
                null);
    }

    private static StatusRuntimeException toStatus(Failure failure, String domain) {
        return StatusProto.toStatusRuntimeException(proto(failure, domain));
    }

    /** Returns the failure as it goes over the wire. */
    static com.google.rpc.Status proto(Failure whole, String domain) {
        Failure failure = FailureBounds.within(whole);
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(failure.code().value())
                .setMessage(failure.message())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(failure.reason())
                        .setDomain(domain)
                        .putAllMetadata(failure.metadata())
                        .build()));
        if (!failure.violations().isEmpty()) {
            BadRequest.Builder badRequest = BadRequest.newBuilder();
            for (Failure.FieldViolation violation : failure.violations()) {
                badRequest
                        .addFieldViolationsBuilder()
                        .setField(violation.field())
                        .setDescription(violation.description());
            }
            status.addDetails(Any.pack(badRequest.build()));
        }
        Duration retryAfter = failure.retryAfter();
        if (retryAfter != null) {
            status.addDetails(Any.pack(
                    RetryInfo.newBuilder().setRetryDelay(toProto(retryAfter)).build()));
        }
        return status.build();
    }

    /** Reads the failure that a peer sent; a status without details keeps its code and gets the code as reason. */
    public static Failure fromStatus(StatusRuntimeException error) {
        Status status = error.getStatus();
        String reason = status.getCode().name();
        Map<String, String> metadata = Map.of();
        List<Failure.FieldViolation> violations = new ArrayList<>();
        Duration retryAfter = null;
        for (Any detail : details(error)) {
            try {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    reason = info.getReason();
                    metadata = info.getMetadataMap();
                } else if (detail.is(BadRequest.class)) {
                    for (BadRequest.FieldViolation violation :
                            detail.unpack(BadRequest.class).getFieldViolationsList()) {
                        violations.add(new Failure.FieldViolation(violation.getField(), violation.getDescription()));
                    }
                } else if (detail.is(RetryInfo.class)) {
                    retryAfter = fromProto(detail.unpack(RetryInfo.class).getRetryDelay());
                }
            } catch (InvalidProtocolBufferException e) {
                // A detail that cannot be read adds nothing; code and message still stand.
                log.debug("unreadable error detail type={}", detail.getTypeUrl(), e);
            }
        }
        return new Failure(status.getCode(), reason, description(status), metadata, violations, retryAfter);
    }

    private static com.google.protobuf.Duration toProto(Duration duration) {
        return com.google.protobuf.Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static Duration fromProto(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    private static String description(Status status) {
        String description = status.getDescription();
        return description == null ? status.getCode().name() : description;
    }

    private static List<Any> details(StatusRuntimeException error) {
        @Nullable Metadata trailers = error.getTrailers();
        com.google.rpc.@Nullable Status status =
                trailers == null ? null : StatusProto.fromStatusAndTrailers(error.getStatus(), trailers);
        return status == null ? List.of() : status.getDetailsList();
    }
}
