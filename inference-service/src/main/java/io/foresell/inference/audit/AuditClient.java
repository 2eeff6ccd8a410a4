package io.foresell.inference.audit;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc.AuditReportServiceBlockingStub;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;

/** Brings reports to the registry; blocks the caller's thread. Thread-safe. */
final class AuditClient {
    private final AuditReportServiceBlockingStub stub;

    AuditClient(GrpcClient registry) {
        this.stub = AuditReportServiceGrpc.newBlockingStub(registry.channel());
    }

    /**
     * Returns when the registry has the report in its log; sent again it is the same entry.
     *
     * @throws ServiceException what the registry answered, or that it did not
     */
    void report(ActionReport report, long timeoutNanos) {
        try {
            var unused = stub.withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
                    .reportAction(ReportProtos.message(report));
        } catch (StatusRuntimeException e) {
            throw new ServiceException(FailureStatus.fromStatus(e), e);
        }
    }
}
