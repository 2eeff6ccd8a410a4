package io.foresell.training.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.job.JobEncoding;
import io.foresell.training.run.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of jobs, and the form in which jobs keep specs and results. */
public final class TrainingProtos {
    /** Specs as {@code TrainingSpec}, results as a {@code Job} with nothing else. */
    public static final JobEncoding ENCODING = new JobEncoding() {
        @Override
        public io.foresell.training.run.TrainingSpec readSpec(ByteString spec) {
            return SpecProtos.toSpec(parsedSpec(spec));
        }

        @Override
        public ByteString writeResults(List<io.foresell.training.job.CandidateResult> results) {
            return Job.newBuilder()
                    .addAllResults(
                            results.stream().map(TrainingProtos::ofResult).toList())
                    .build()
                    .toByteString();
        }
    };

    private TrainingProtos() {}

    private static TrainingSpec parsedSpec(ByteString spec) {
        try {
            return TrainingSpec.parseFrom(spec);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored spec cannot be read", e);
        }
    }

    static Job ofJob(io.foresell.training.job.Job job) {
        Job.Builder message = withResults(job.results())
                .setId(job.id())
                .setSpec(parsedSpec(job.spec()))
                .setState(ofState(job.state()))
                .setFailure(job.failure())
                .setFailureReason(job.failureReason())
                .setCreatedAtMillis(job.createdAt().toEpochMilli())
                .setStartedAtMillis(millis(job.startedAt()))
                .setEndedAtMillis(millis(job.endedAt()))
                .setAttempt(job.attempt());
        if (job.progress() != null) {
            message.setProgress(ofProgress(job.progress()));
        }
        return message.build();
    }

    private static Job.Builder withResults(ByteString results) {
        try {
            return Job.newBuilder().mergeFrom(results);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("stored results cannot be read", e);
        }
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? 0 : instant.toEpochMilli();
    }

    private static JobState ofState(io.foresell.training.job.JobState state) {
        return switch (state) {
            case QUEUED -> JobState.JOB_STATE_QUEUED;
            case RUNNING -> JobState.JOB_STATE_RUNNING;
            case SUCCEEDED -> JobState.JOB_STATE_SUCCEEDED;
            case FAILED -> JobState.JOB_STATE_FAILED;
            case CANCELLED -> JobState.JOB_STATE_CANCELLED;
        };
    }

    private static JobProgress ofProgress(Progress progress) {
        JobProgress.Builder message = JobProgress.newBuilder()
                .setStage(progress.stage())
                .setFraction(progress.fraction())
                .setIteration(progress.iteration())
                .setIterationCount(progress.iterationCount());
        progress.loss().ifPresent(message::setLoss);
        progress.secondsLeft().ifPresent(message::setSecondsLeft);
        return message.build();
    }

    private static CandidateResult ofResult(io.foresell.training.job.CandidateResult result) {
        return CandidateResult.newBuilder()
                .setCandidate(result.candidate())
                .setEvaluation(RegistryProtos.ofEvaluation(result.evaluation()))
                .setVersion(result.version())
                .setIsBest(result.isBest())
                .setSeconds(result.seconds())
                .build();
    }
}
