package io.foresell.kit;

import io.foresell.kit.frame.ReadyAnswer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A failure made ready to be sent many times: refusing a call must cost much less than answering it, so there is no exception,
 * no stack and no message to be written again. Immutable.
 */
public final class Refusal implements Admission.Outcome {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final Failure failure;
    private final Status status;
    private final byte[] details;
    private @Nullable ReadyAnswer answer; // made when first asked for; racing threads make equal ones

    /** Makes a refusal of the process whose name is {@code domain}. */
    public Refusal(Failure failure, String domain) {
        this.failure = failure;
        this.status = Status.fromCode(failure.code()).withDescription(failure.message());
        this.details = FailureStatus.proto(failure, domain).toByteArray();
    }

    public Failure failure() {
        return failure;
    }

    ReadyAnswer answer() {
        ReadyAnswer known = answer;
        if (known == null) {
            known = new ReadyAnswer(failure.code(), failure.message(), details);
            answer = known;
        }
        return known;
    }

    /** Ends a call that has not begun. */
    public void close(ServerCall<?, ?> call) {
        Metadata trailers = new Metadata(); // gRPC writes into it: not to be shared
        trailers.put(DETAILS, details);
        call.close(status, trailers);
    }
}
