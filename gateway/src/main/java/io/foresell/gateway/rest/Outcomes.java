package io.foresell.gateway.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of outcomes. */
final class Outcomes {
    private Outcomes() {}

    /** Reports what came true. */
    @Schema(description = "Reports what came true, 1 to 1000 outcomes, each for itself.")
    record Report(@Schema(description = "Are the outcomes.") @Nullable List<Outcome> outcomes) {}

    /** Is one outcome. */
    @Schema(
            description =
                    "Is what came true for one prediction, or for the predictions of one model for one subject in a window"
                            + " of time. Sending the same again changes nothing.")
    record Outcome(
            @Schema(description = "Names the report, so that it counts once; absent means a name made of the rest.")
                    @Nullable
                    String id,
            @Schema(
                            description = "Names what was observed; absent means label, what the model predicts.",
                            examples = "revenue")
                    @Nullable
                    String name,
            @Schema(description = "Labels one prediction.", examples = "01JD8Z6X0V00000000000000XY") @Nullable
                    String predictionId,
            @Schema(description = "Names the model, beside a subject.", examples = "churn") @Nullable String model,
            @Schema(description = "Names the entity of the subject; absent means any.", examples = "customer") @Nullable
                    String entity,
            @Schema(description = "Is the subject whose predictions are labelled.", examples = "C-1042") @Nullable
                    String subject,
            @Schema(
                            description =
                                    "Labels predictions scored from this instant on; absent means from the first.",
                            examples = "2024-05-01T00:00:00Z")
                    @Nullable
                    String from,
            @Schema(
                            description = "Labels predictions scored before this instant; required beside a subject.",
                            examples = "2024-06-01T00:00:00Z")
                    @Nullable
                    String until,
            @Schema(
                            description =
                                    "Is the value: a number (of a model of two classes 1 or 0), true or false, or a text, the class.",
                            examples = "1")
                    @Nullable
                    Object value,
            @Schema(
                            description = "Is when it was observed; absent means now. The latest of several counts.",
                            examples = "2024-06-01T00:00:00Z")
                    @Nullable
                    String observedAt) {}

    /** Says what became of a report. */
    @Schema(description = "Says what became of the outcomes.")
    record Answer(
            @Schema(description = "Is the number of outcomes kept.") int acceptedCount,
            @Schema(description = "Is the number of outcomes that were there already.") int duplicateCount,
            @Schema(description = "Is the number of recorded predictions that they label.")
                    long labelledPredictionCount,
            @Schema(description = "Is the number of outcomes that label no recorded prediction yet.") int pendingCount,
            @Schema(description = "Says which were not taken, and why.") List<OutcomeError> errors) {}

    /** Says why one outcome was not taken. */
    @Schema(description = "Says why one outcome was not taken.")
    record OutcomeError(
            @Schema(description = "Is its index in the report.") int index,
            @Schema(description = "Is the cause in UPPER_SNAKE.", examples = "OUTCOME_CONTRADICTS") String reason,
            @Schema(description = "Says value and expectation.") String message) {}
}
