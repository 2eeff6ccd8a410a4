package io.foresell.inference.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.proto.registry.v1.ReportActionRequest;
import io.foresell.proto.registry.v1.ReportedAction;

/** Reports on the wire and, as the JSON of the same message, in files. */
final class ReportProtos {
    private ReportProtos() {}

    static ReportActionRequest message(ActionReport report) {
        ControlAttempt attempt = report.attempt();
        return ReportActionRequest.newBuilder()
                .setReportId(report.id())
                .setHappenedAtMillis(report.happenedAtMillis())
                .setPlace(report.place())
                .setCaller(attempt.caller())
                .setActor(attempt.actor())
                .setAction(
                        attempt.action() == ControlAction.LOAD
                                ? ReportedAction.REPORTED_ACTION_MODEL_LOAD
                                : ReportedAction.REPORTED_ACTION_MODEL_UNLOAD)
                .setModel(attempt.model())
                .setFrom(attempt.from())
                .setTo(attempt.to())
                .setReason(attempt.reason())
                .setOutcome(report.outcome())
                .build();
    }

    static String toJson(ActionReport report) {
        try {
            return JsonFormat.printer().preservingProtoFieldNames().print(message(report));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a report that cannot be printed", e);
        }
    }

    /** Reads {@link #toJson}; throws IllegalArgumentException when it is something else. */
    static ActionReport fromJson(String json) {
        ReportActionRequest.Builder message = ReportActionRequest.newBuilder();
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(json, message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("report: not the JSON of a report", e);
        }
        ControlAttempt attempt = new ControlAttempt(
                action(message.getAction()),
                message.getCaller(),
                message.getActor(),
                message.getModel(),
                message.getFrom(),
                message.getTo(),
                message.getReason());
        return new ActionReport(
                message.getReportId(),
                message.getHappenedAtMillis(),
                message.getPlace(),
                attempt,
                message.getOutcome());
    }

    private static ControlAction action(ReportedAction action) {
        return switch (action) {
            case REPORTED_ACTION_MODEL_LOAD -> ControlAction.LOAD;
            case REPORTED_ACTION_MODEL_UNLOAD -> ControlAction.UNLOAD;
            default -> throw new IllegalArgumentException("report: action %s".formatted(action));
        };
    }
}
