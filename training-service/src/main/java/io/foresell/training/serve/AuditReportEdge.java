package io.foresell.training.serve;

import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc;
import io.foresell.proto.registry.v1.ReportActionRequest;
import io.foresell.proto.registry.v1.ReportActionResponse;
import io.foresell.proto.registry.v1.ReportedAction;
import io.foresell.training.registry.audit.AuditEntry;
import io.foresell.training.registry.audit.AuditEntry.Draft;
import io.foresell.training.registry.audit.AuditEntry.Report;
import io.foresell.training.registry.audit.AuditLog;
import io.grpc.stub.StreamObserver;
import java.util.regex.Pattern;

/**
 * Takes reports of other servers into the audit log. Each line names who reported it, as proven: a server is believed about itself, and
 * what it says it was is seen to be its word. Handlers may block.
 */
public final class AuditReportEdge extends AuditReportServiceGrpc.AuditReportServiceImplBase {
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z-]{8,64}");
    private static final Pattern OUTCOME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final int MAX_PLACE = 200;
    private static final int MAX_CALLER = 400;

    private final AuditLog audit;

    public AuditReportEdge(AuditLog audit) {
        this.audit = audit;
    }

    @Override
    public void reportAction(ReportActionRequest request, StreamObserver<ReportActionResponse> caller) {
        String reporter = Caller.verified();
        Answers.unary(caller, () -> {
            AuditEntry entry = audit.append(draft(request, reporter));
            return ReportActionResponse.newBuilder()
                    .setSequence(entry.sequence())
                    .build();
        });
    }

    private static Draft draft(ReportActionRequest request, String reporter) {
        require(ID.matcher(request.getReportId()).matches(), "report_id", request.getReportId(), ID.pattern());
        require(request.getHappenedAtMillis() > 0, "happened_at_millis", request.getHappenedAtMillis(), "above 0");
        requireWords("place", request.getPlace(), MAX_PLACE);
        requireWords("caller", request.getCaller(), MAX_CALLER);
        require(OUTCOME.matcher(request.getOutcome()).matches(), "outcome", request.getOutcome(), OUTCOME.pattern());
        Report report = new Report(request.getReportId(), reporter, request.getPlace(), request.getHappenedAtMillis());
        return new Draft(
                request.getCaller(),
                request.getActor(),
                action(request.getAction()),
                request.getModel(),
                request.getFrom(),
                request.getTo(),
                request.getReason(),
                request.getOutcome(),
                report);
    }

    /** The method that the other server was asked for. What only the registry does cannot be reported. */
    private static String action(ReportedAction action) {
        return switch (action) {
            case REPORTED_ACTION_MODEL_LOAD -> "RepositoryModelLoad";
            case REPORTED_ACTION_MODEL_UNLOAD -> "RepositoryModelUnload";
            default -> throw refused("action", action, "MODEL_LOAD or MODEL_UNLOAD");
        };
    }

    private static void requireWords(String field, String text, int maxLength) {
        boolean isPlain = text.chars().noneMatch(Character::isISOControl);
        require(
                isPlain && !text.isBlank() && text.length() <= maxLength,
                field,
                text,
                "1..%d characters, none a control".formatted(maxLength));
    }

    private static void require(boolean isSound, String field, Object value, String expected) {
        if (!isSound) {
            throw refused(field, value, expected);
        }
    }

    private static ServiceException refused(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("REPORT_INVALID", field, value, expected));
    }
}
