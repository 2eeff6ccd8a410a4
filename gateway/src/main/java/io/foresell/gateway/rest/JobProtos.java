package io.foresell.gateway.rest;

import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import java.util.Locale;

/** From the training service's wire to its JSON. */
final class JobProtos {
    private static final String STATE_PREFIX = "JOB_STATE_";

    private JobProtos() {}

    static Jobs.Job job(Job job) {
        return new Jobs.Job(
                job.getId(),
                job.getSpec().getModel(),
                job.getSpec().getMetric().isEmpty() ? "roc_auc" : job.getSpec().getMetric(),
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
                Numbers.finite(result.getSeconds()));
    }
}
