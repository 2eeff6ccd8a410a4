package io.foresell.gateway.problem;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.foresell.gateway.backend.BackendException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The error table's HTTP side: what a service said over gRPC, as a problem. */
final class StatusProblems {
    private static final Logger log = Logger.getLogger(StatusProblems.class);
    private static final Duration DEFAULT_RETRY = Duration.ofSeconds(1);

    private StatusProblems() {}

    static Problem of(BackendException error) {
        Status status = error.status().getStatus();
        Problem problem = Problem.of(
                httpStatus(status.getCode()),
                status.getCode().name(),
                detail(error),
                error.backend().title());
        for (Any detail : details(error)) {
            problem = with(detail, problem);
        }
        boolean canRetry = problem.status() == 429 || problem.status() == 503;
        return canRetry && problem.retryAfter() == null ? problem.retryAfter(DEFAULT_RETRY) : problem;
    }

    static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE, CANCELLED -> 503;
            case DEADLINE_EXCEEDED -> 504;
            case DATA_LOSS, INTERNAL, UNKNOWN -> 500;
        };
    }

    private static Problem with(Any detail, Problem problem) {
        try {
            if (detail.is(ErrorInfo.class)) {
                ErrorInfo info = detail.unpack(ErrorInfo.class);
                Problem named = Problem.of(problem.status(), info.getReason(), problem.detail(), info.getDomain());
                return named.with(info.getMetadataMap())
                        .violating(problem.violations())
                        .retryAfter(problem.retryAfter());
            }
            if (detail.is(BadRequest.class)) {
                return problem.violating(detail.unpack(BadRequest.class).getFieldViolationsList().stream()
                        .map(field -> new Problem.Violation(field.getField(), field.getDescription()))
                        .toList());
            }
            if (detail.is(RetryInfo.class)) {
                var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                return problem.retryAfter(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
            }
        } catch (InvalidProtocolBufferException e) {
            // A detail that cannot be read adds nothing; code and message still stand.
            log.debugf(e, "unreadable error detail type=%s", detail.getTypeUrl());
        }
        return problem;
    }

    private static String detail(BackendException error) {
        Status status = error.status().getStatus();
        String service = error.backend().title();
        if (!details(error).isEmpty() && status.getDescription() != null) {
            return status.getDescription();
        }
        // Without details gRPC itself speaks, in words for programmers and with addresses that are nobody's business.
        return switch (status.getCode()) {
            case UNAVAILABLE -> service + " cannot be reached (expected: a running service, see /v1/services)";
            case DEADLINE_EXCEEDED -> "%s: no answer (expected: within %d ms)"
                    .formatted(service, error.deadline().toMillis());
            case INTERNAL, UNKNOWN -> "internal error, see the log of " + service;
            default -> status.getDescription() == null ? status.getCode().name() : status.getDescription();
        };
    }

    private static List<Any> details(BackendException error) {
        @Nullable Metadata trailers = error.status().getTrailers();
        com.google.rpc.@Nullable Status status = trailers == null
                ? null
                : StatusProto.fromStatusAndTrailers(error.status().getStatus(), trailers);
        return status == null ? List.of() : status.getDetailsList();
    }
}
