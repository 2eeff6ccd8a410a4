package io.foresell.feature.serve;

import io.foresell.feature.define.Sha256;
import io.foresell.feature.measure.MetricsQuery;
import io.foresell.feature.prediction.Outcome;
import io.foresell.feature.prediction.OutcomeReports.Report;
import io.foresell.feature.prediction.OutcomeTarget;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.SubjectWindow;
import java.nio.charset.StandardCharsets;

/** Reads reports of outcomes from the wire and checks them. */
final class OutcomeProtos {
    private static final int MAX_ID_LENGTH = 128;
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_TEXT_LENGTH = 256;
    private static final int DERIVED_ID_LENGTH = 32;

    private OutcomeProtos() {}

    /**
     * Reads a report.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field at fault
     */
    static Report fromProto(io.foresell.proto.prediction.v1.Outcome outcome, long nowMillis) {
        requireLength("outcome_id", outcome.getOutcomeId(), MAX_ID_LENGTH);
        requireLength("name", outcome.getName(), MAX_NAME_LENGTH);
        OutcomeTarget target = target(outcome);
        SubjectWindow window = outcome.getSubjectWindow();
        requireValue(outcome);
        if (outcome.getObservedAtMillis() < 0) {
            throw invalid("observed_at_millis", outcome.getObservedAtMillis(), "0 or more");
        }
        String name = outcome.getName().isEmpty() ? MetricsQuery.LABEL : outcome.getName();
        String id = outcome.getOutcomeId().isEmpty() ? derivedId(outcome, name, target) : outcome.getOutcomeId();
        return new Report(
                target,
                new Outcome(
                        id,
                        name,
                        outcome.hasNumber() ? outcome.getNumber() + 0.0 : null, // minus zero is zero
                        outcome.hasText() ? outcome.getText() : null,
                        outcome.hasPredictionId(),
                        window.getEntity(),
                        window.getFromMillis(),
                        window.getUntilMillis(),
                        outcome.getObservedAtMillis() == 0 ? nowMillis : outcome.getObservedAtMillis(),
                        nowMillis));
    }

    private static OutcomeTarget target(io.foresell.proto.prediction.v1.Outcome outcome) {
        switch (outcome.getTargetCase()) {
            case PREDICTION_ID -> {
                PredictionProtos.requirePredictionId("prediction_id", outcome.getPredictionId());
                return OutcomeTarget.prediction(outcome.getPredictionId());
            }
            case SUBJECT_WINDOW -> {
                SubjectWindow window = outcome.getSubjectWindow();
                PredictionProtos.requireLength("subject_window.model", window.getModel(), 1, 63);
                PredictionProtos.requireLength("subject_window.entity", window.getEntity(), 0, 128);
                PredictionProtos.requireLength(
                        "subject_window.subject", window.getSubject(), 1, PredictionProtos.MAX_SUBJECT_LENGTH);
                if (window.getFromMillis() < 0 || window.getUntilMillis() <= window.getFromMillis()) {
                    throw invalid(
                            "subject_window.until_millis",
                            window.getUntilMillis(),
                            "above from_millis %d".formatted(window.getFromMillis()));
                }
                return OutcomeTarget.subject(window.getModel(), window.getSubject());
            }
            case TARGET_NOT_SET -> throw invalid("target", "", "prediction_id or subject_window");
        }
        throw new IllegalStateException("target: " + outcome.getTargetCase());
    }

    private static void requireValue(io.foresell.proto.prediction.v1.Outcome outcome) {
        switch (outcome.getValueCase()) {
            case NUMBER -> {
                if (!Double.isFinite(outcome.getNumber())) {
                    throw invalid("number", outcome.getNumber(), "a finite number");
                }
            }
            case TEXT -> {
                if (outcome.getText().isEmpty()) {
                    throw invalid("text", "", "1 to %d characters".formatted(MAX_TEXT_LENGTH));
                }
                requireLength("text", outcome.getText(), MAX_TEXT_LENGTH);
            }
            case VALUE_NOT_SET -> throw invalid("value", "", "a number or a text");
        }
    }

    private static String derivedId(
            io.foresell.proto.prediction.v1.Outcome outcome, String name, OutcomeTarget target) {
        SubjectWindow window = outcome.getSubjectWindow();
        String identity = String.join(
                "\0",
                name,
                target.predictionId(),
                target.model(),
                target.subject(),
                window.getEntity(),
                Long.toString(window.getFromMillis()),
                Long.toString(window.getUntilMillis()),
                Long.toString(outcome.getObservedAtMillis()));
        return Sha256.hex(identity.getBytes(StandardCharsets.UTF_8)).substring(0, DERIVED_ID_LENGTH);
    }

    private static void requireLength(String field, String value, int max) {
        if (value.length() > max) {
            throw invalid(field, value, "at most %d characters".formatted(max));
        }
    }

    private static ServiceException invalid(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("OUTCOME_INVALID", field, value, expected));
    }
}
