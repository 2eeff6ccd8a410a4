package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.inference.v1.ScoreError;
import io.grpc.Status;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in a message of a stream what the status of a call would say. Bugs are logged here, as nobody else sees them. */
final class ScoreErrors {
    private static final Logger log = LoggerFactory.getLogger(ScoreErrors.class);
    private static final double MILLIS_A_SECOND = 1000;

    private final String domain;

    ScoreErrors(String domain) {
        this.domain = domain;
    }

    ScoreError of(Throwable error) {
        Failure failure = FailureStatus.toFailure(error, domain);
        if (failure.code() == Status.Code.INTERNAL) {
            log.error("request of a stream failed", error);
        }
        return named(failure);
    }

    /** Says also who found it: the caller of a stream may have several servers behind it. */
    ScoreError named(Failure failure) {
        return of(failure).toBuilder().setDomain(domain).build();
    }

    static ScoreError of(Failure failure) {
        ScoreError.Builder error = ScoreError.newBuilder()
                .setCode(failure.code().value())
                .setReason(failure.reason())
                .setMessage(failure.message())
                .putAllMetadata(failure.metadata());
        for (Failure.FieldViolation violation : failure.violations()) {
            error.addViolationsBuilder().setField(violation.field()).setDescription(violation.description());
        }
        Duration retryAfter = failure.retryAfter();
        if (retryAfter != null) {
            error.setRetryAfterSeconds(retryAfter.toMillis() / MILLIS_A_SECOND);
        }
        return error.build();
    }
}
