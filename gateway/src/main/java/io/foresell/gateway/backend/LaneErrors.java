package io.foresell.gateway.backend;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.foresell.proto.inference.v1.ScoreError;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** An error of a stream's request as the status that a call of its own would have ended with. */
final class LaneErrors {
    private static final double NANOS_A_SECOND = 1e9;

    private LaneErrors() {}

    static StatusRuntimeException of(ScoreError error) {
        com.google.rpc.Status.Builder status = com.google.rpc.Status.newBuilder()
                .setCode(error.getCode())
                .setMessage(error.getMessage())
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason(error.getReason())
                        .setDomain(error.getDomain())
                        .putAllMetadata(error.getMetadataMap())
                        .build()));
        if (error.getViolationsCount() > 0) {
            BadRequest.Builder fields = BadRequest.newBuilder();
            error.getViolationsList().forEach(violation -> fields.addFieldViolationsBuilder()
                    .setField(violation.getField())
                    .setDescription(violation.getDescription()));
            status.addDetails(Any.pack(fields.build()));
        }
        if (error.hasRetryAfterSeconds()) {
            long nanos = (long) (error.getRetryAfterSeconds() * NANOS_A_SECOND);
            Duration delay = Duration.newBuilder()
                    .setSeconds(nanos / (long) NANOS_A_SECOND)
                    .setNanos((int) (nanos % (long) NANOS_A_SECOND))
                    .build();
            status.addDetails(
                    Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }
}
