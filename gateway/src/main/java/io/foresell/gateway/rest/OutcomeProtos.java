package io.foresell.gateway.rest;

import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import io.foresell.proto.prediction.v1.SubjectWindow;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the JSON of outcomes and the prediction log's wire. */
final class OutcomeProtos {
    private OutcomeProtos() {}

    /** @throws ProblemException 400 naming the field that cannot be read */
    static ReportOutcomesRequest request(Outcomes.@Nullable Report report) {
        List<Outcomes.Outcome> outcomes = report == null ? null : report.outcomes();
        if (outcomes == null || outcomes.isEmpty()) {
            throw new ProblemException(Problem.invalid("INPUT_INVALID", "outcomes", "none", "1 to 1000 outcomes"));
        }
        ReportOutcomesRequest.Builder request = ReportOutcomesRequest.newBuilder();
        for (int i = 0; i < outcomes.size(); i++) {
            request.addOutcomes(outcome(outcomes.get(i), "outcomes[%d].".formatted(i)));
        }
        return request.build();
    }

    private static Outcome outcome(Outcomes.@Nullable Outcome outcome, String path) {
        if (outcome == null) {
            throw new ProblemException(Problem.invalid("INPUT_INVALID", path, "null", "an outcome"));
        }
        Outcome.Builder report = Outcome.newBuilder()
                .setOutcomeId(orEmpty(outcome.id()))
                .setName(orEmpty(outcome.name()))
                .setObservedAtMillis(millis(path + "observed_at", outcome.observedAt()));
        if ((outcome.predictionId() == null) == (outcome.subject() == null)) {
            throw new ProblemException(Problem.invalid(
                    "INPUT_INVALID",
                    path + "prediction_id",
                    outcome.subject() == null ? "neither" : "both",
                    "exactly one of prediction_id and subject"));
        }
        if (outcome.predictionId() != null) {
            report.setPredictionId(outcome.predictionId());
        } else {
            report.setSubjectWindow(SubjectWindow.newBuilder()
                    .setModel(orEmpty(outcome.model()))
                    .setEntity(orEmpty(outcome.entity()))
                    .setSubject(orEmpty(outcome.subject()))
                    .setFromMillis(millis(path + "from", outcome.from()))
                    .setUntilMillis(millis(path + "until", outcome.until())));
        }
        return value(report, outcome.value(), path).build();
    }

    private static Outcome.Builder value(Outcome.Builder report, @Nullable Object value, String path) {
        if (value instanceof Number number) {
            return report.setNumber(number.doubleValue());
        }
        if (value instanceof Boolean truth) {
            return report.setNumber(truth ? 1 : 0);
        }
        if (value instanceof String text) {
            return report.setText(text);
        }
        throw new ProblemException(Problem.invalid(
                "INPUT_INVALID", path + "value", String.valueOf(value), "a number, true, false or a text"));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Returns the instant of a text, milliseconds since the epoch; 0 without one. */
    static long millis(String field, @Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new ProblemException(Problem.invalid(
                    "INPUT_INVALID", field, "'" + text + "'", "an instant such as 2024-06-01T00:00:00Z"));
        }
    }

    static Outcomes.Answer answer(ReportOutcomesResponse response) {
        return new Outcomes.Answer(
                response.getAcceptedCount(),
                response.getDuplicateCount(),
                response.getLabelledPredictionCount(),
                response.getPendingCount(),
                response.getErrorsList().stream()
                        .map(error ->
                                new Outcomes.OutcomeError(error.getIndex(), error.getReason(), error.getMessage()))
                        .toList());
    }
}
