package io.foresell.gateway.rest;

import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** From the training service's wire to its JSON. */
final class JobProtos {
    private static final String STATE_PREFIX = "JOB_STATE_";

    private JobProtos() {}

    static Jobs.Job job(Job job) {
        return new Jobs.Job(
                job.getId(),
                job.getSpec().getModel(),
                metric(job),
                job.getState().name().replace(STATE_PREFIX, "").toLowerCase(Locale.ROOT),
                job.hasProgress() ? progress(job.getProgress()) : null,
                job.getFailure(),
                job.getFailureReason(),
                job.getResultsList().stream().map(JobProtos::result).toList(),
                job.getCreatedAtMillis(),
                job.getStartedAtMillis(),
                job.getEndedAtMillis(),
                job.getAttempt());
    }

    /** A spec that names no metric leaves it to the task, and a task that it does not name to the labels: then results tell. */
    private static String metric(Job job) {
        if (!job.getSpec().getMetric().isEmpty()) {
            return job.getSpec().getMetric();
        }
        Set<String> measured = job.getResultsList().stream()
                .flatMap(result -> result.getEvaluation().getMetricsMap().keySet().stream())
                .collect(Collectors.toSet());
        return switch (job.getSpec().getTask()) {
            case TASK_BINARY -> "roc_auc";
            case TASK_MULTICLASS -> "log_loss";
            case TASK_REGRESSION -> "rmse";
            case TASK_CLUSTERS -> "simplified_silhouette";
            case TASK_UNSPECIFIED, UNRECOGNIZED -> measured.contains("rmse")
                    ? "rmse"
                    : measured.contains("macro_f1") ? "log_loss" : measured.isEmpty() ? "" : "roc_auc";
        };
    }

    private static Jobs.Progress progress(JobProgress progress) {
        return new Jobs.Progress(
                progress.getStage(),
                Numbers.finite(progress.getFraction()),
                progress.hasLoss() ? Numbers.finite(progress.getLoss()) : null,
                progress.hasSecondsLeft() ? Numbers.finite(progress.getSecondsLeft()) : null);
    }

    private static Jobs.Result result(CandidateResult result) {
        return new Jobs.Result(
                result.getCandidate(),
                result.hasEvaluation() ? ModelProtos.evaluation(result.getEvaluation()) : null,
                result.getVersion(),
                result.getIsBest(),
                Numbers.finite(result.getSeconds()),
                ModelProtos.gates(result.getGatesList()),
                result.getIsEligible());
    }
}
