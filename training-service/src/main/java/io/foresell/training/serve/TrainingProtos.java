package io.foresell.training.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.job.JobEncoding;
import io.foresell.training.job.JobOptions;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Champion;
import io.foresell.training.run.Progress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
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
        public JobOptions readOptions(ByteString spec) {
            return JobOptionProtos.toOptions(parsedSpec(spec));
        }

        @Override
        public String specText(ByteString spec) {
            return TrainingProtos.specText(parsedSpec(spec));
        }

        @Override
        public ByteString writeResult(CandidateOutcome outcome) {
            return ofOutcome(outcome).toByteString();
        }

        @Override
        public ByteString published(ByteString result, ModelVersion version) {
            CandidateResult.Builder published = parsedResult(result).toBuilder()
                    .setVersion(version.version())
                    .setIsEligible(version.isEligible())
                    .clearGates();
            version.gates().forEach(gate -> published.addGates(RegistryProtos.ofGate(gate)));
            return published.build().toByteString();
        }

        @Override
        public Champion readChampion(Path packageFile, int version, @Nullable Metric metric, int threadCount) {
            return ChampionProtos.toChampion(packageFile, version, metric, threadCount);
        }

        @Override
        public ByteString writeResults(List<ByteString> results) {
            Job.Builder job = Job.newBuilder();
            results.forEach(result -> job.addResults(parsedResult(result)));
            return job.build().toByteString();
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

    /** Returns what a spec asks for, checked as {@code StartJob} checks it. */
    public static io.foresell.training.run.TrainingSpec checkedSpec(TrainingSpec spec) {
        return SpecProtos.toSpec(spec);
    }

    /** Returns what a spec says about its job, checked as {@code StartJob} checks it. */
    public static JobOptions checkedOptions(TrainingSpec spec) {
        return JobOptionProtos.toOptions(spec);
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
                .setAttempt(job.attempt())
                .setSchedule(job.schedule())
                .setRemark(job.remark());
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

    /** Returns how far a run is, as it said. */
    public static Progress toProgress(JobProgress message) {
        return new Progress(
                message.getStage(),
                message.getFraction(),
                message.hasLoss() ? OptionalDouble.of(message.getLoss()) : OptionalDouble.empty(),
                message.getIteration(),
                message.getIterationCount(),
                message.hasSecondsLeft() ? OptionalDouble.of(message.getSecondsLeft()) : OptionalDouble.empty());
    }

    /** Returns how far a run is. */
    public static JobProgress ofProgress(Progress progress) {
        JobProgress.Builder message = JobProgress.newBuilder()
                .setStage(progress.stage())
                .setFraction(progress.fraction())
                .setIteration(progress.iteration())
                .setIterationCount(progress.iterationCount());
        progress.loss().ifPresent(message::setLoss);
        progress.secondsLeft().ifPresent(message::setSecondsLeft);
        return message.build();
    }

    /** Returns the judgement of a candidate; no version yet. */
    public static CandidateResult ofOutcome(CandidateOutcome outcome) {
        return CandidateResult.newBuilder()
                .setCandidate(outcome.name())
                .setEvaluation(RegistryProtos.ofEvaluation(outcome.evaluation()))
                .setIsBest(outcome.isBest())
                .setSeconds(outcome.seconds())
                .build();
    }

    private static CandidateResult parsedResult(ByteString result) {
        try {
            return CandidateResult.parseFrom(result);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored result cannot be read", e);
        }
    }

    /** Returns a spec as a package keeps it: what is trained, in the JSON mapping of protobuf, equal for equal specs. */
    public static String specText(TrainingSpec spec) {
        return json(
                spec.toBuilder().clearRetrain().clearPriority().clearResources().build());
    }

    /** Returns a message in the JSON mapping of protobuf with the names of its fields, equal for equal messages. */
    public static String json(Message message) {
        try {
            return JsonFormat.printer()
                    .preservingProtoFieldNames()
                    .sortingMapKeys()
                    .print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message that has no JSON", e);
        }
    }
}
