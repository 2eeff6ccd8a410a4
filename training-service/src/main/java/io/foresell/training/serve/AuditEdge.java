package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.AuditServiceGrpc;
import io.foresell.proto.registry.v1.ListAuditEntriesRequest;
import io.foresell.proto.registry.v1.ListAuditEntriesResponse;
import io.foresell.training.registry.audit.AuditEntry;
import io.foresell.training.registry.audit.AuditEntry.Report;
import io.foresell.training.registry.audit.AuditLog;
import io.grpc.stub.StreamObserver;

/** The audit log on the wire. Handlers may block. */
public final class AuditEdge extends AuditServiceGrpc.AuditServiceImplBase {
    private static final int USUAL_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final AuditLog audit;

    public AuditEdge(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void listAuditEntries(ListAuditEntriesRequest request, StreamObserver<ListAuditEntriesResponse> caller) {
        Answers.unary(caller, () -> {
            int limit = request.getLimit();
            if (limit < 0 || limit > MAX_LIMIT) {
                throw new ServiceException(Failure.invalid("LIMIT_INVALID", "limit", limit, "0.." + MAX_LIMIT));
            }
            return ListAuditEntriesResponse.newBuilder()
                    .addAllEntries(audit.after(request.getAfterSequence(), limit == 0 ? USUAL_LIMIT : limit).stream()
                            .map(AuditEdge::of)
                            .toList())
                    .build();
        });
    }

    private static io.foresell.proto.registry.v1.AuditEntry of(AuditEntry entry) {
        io.foresell.proto.registry.v1.AuditEntry.Builder message = io.foresell.proto.registry.v1.AuditEntry.newBuilder()
                .setSequence(entry.sequence())
                .setAtMillis(entry.atMillis())
                .setCaller(entry.draft().caller())
                .setActor(entry.draft().actor())
                .setAction(entry.draft().action())
                .setModel(entry.draft().model())
                .setFrom(entry.draft().from())
                .setTo(entry.draft().to())
                .setReason(entry.draft().reason())
                .setOutcome(entry.draft().outcome())
                .setPreviousHash(entry.previousHash())
                .setHash(entry.hash());
        Report report = entry.draft().report();
        if (report != null) {
            message.setReporter(report.reporter())
                    .setPlace(report.place())
                    .setHappenedAtMillis(report.happenedAtMillis())
                    .setReportId(report.id());
        }
        return message.build();
    }
}
