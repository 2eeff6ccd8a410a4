package io.foresell.gateway.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of training jobs; names and meanings are those of the proto fields. */
final class Jobs {
    private Jobs() {}

    /** Says what a running job does. */
    @Schema(description = "Says what a running job does at the moment.")
    record Progress(
            @Schema(description = "Names the stage.", examples = "fit boosted_trees (fold 2 of 5)") String stage,
            @Schema(description = "Is the share of the whole job that is done, 0 to 1.", examples = "0.42") @Nullable
                    Double fraction,
            @Schema(description = "Is the current training loss; null when the stage has none.", examples = "0.35")
                    @Nullable
                    Double loss,
            @Schema(description = "Is the estimated time left; null while unknown.", examples = "12") @Nullable
                    Double secondsLeft) {}

    /** Is the outcome of one candidate. */
    @Schema(description = "Is the outcome of one candidate.")
    record Result(
            @Schema(description = "Names the candidate.", examples = "boosted_trees") String candidate,
            @Schema(description = "Is the judgement; null when there is none.") Models.@Nullable Evaluation evaluation,
            @Schema(description = "Is the version published; 0 when none was.", examples = "3") int version,
            @Schema(description = "Says that this candidate has the best metric.", examples = "true") boolean isBest,
            @Schema(description = "Is the time spent fitting and judging.", examples = "8.2") @Nullable Double seconds,
            @Schema(
                            description =
                                    "Are the outcomes of the gates; empty while no version is published, and without gates.")
                    List<Models.GateResult> gates,
            @Schema(description = "Says that a version is published and all gates hold.", examples = "true")
                    boolean isEligible) {}

    /** Is a training job. */
    @Schema(description = "Is a training job.")
    record Job(
            @Schema(description = "Identifies the job.", examples = "job-7") String id,
            @Schema(description = "Names the model.", examples = "churn") String model,
            @Schema(
                            description =
                                    "Is the metric that ranks candidates; empty while the labels have not told the task.",
                            examples = "roc_auc")
                    String metric,
            @Schema(description = "Is one of queued, running, succeeded, failed, cancelled.", examples = "succeeded")
                    String state,
            @Schema(description = "Says what it does at the moment; null before it begins.") @Nullable
                    Progress progress,
            @Schema(description = "Says why it failed; empty otherwise.", examples = "") String failure,
            @Schema(description = "Is the reason of the failure in UPPER_SNAKE; empty otherwise.", examples = "")
                    String failureReason,
            @Schema(description = "Are the outcomes so far, in spec order.") List<Result> results,
            @Schema(
                            description = "Is the instant it was asked for, milliseconds since the epoch.",
                            examples = "1767225600000")
                    long createdAtMillis,
            @Schema(description = "Is the instant work began; 0 before.", examples = "1767225600100")
                    long startedAtMillis,
            @Schema(description = "Is the instant it ended; 0 before.", examples = "1767225640000") long endedAtMillis,
            @Schema(description = "Counts how often work was begun.", examples = "1") int attempt) {}

    /** Lists jobs. */
    @Schema(description = "Lists jobs, newest first.")
    record JobList(@Schema(description = "Are the jobs.") List<Job> jobs) {}
}
