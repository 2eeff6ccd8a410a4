package io.foresell.cli.command;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.StartJobResponse;
import io.foresell.proto.training.v1.TrainingSpec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains models from a spec. */
@Command(
        name = "train",
        sortOptions = false,
        description = {
            "Train and judge models from a spec, with live progress; or repeat the training of a version.",
            "Ctrl-C leaves the job running. Exit code 3 when the job fails or is cancelled."
        })
final class TrainCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "SPEC.yaml", description = "What to train.")
    private @Nullable Path spec;

    @Option(
            names = "--from",
            paramLabel = "MODEL@VERSION",
            order = 0,
            description = "Repeat the training of this version, and say whether the same came out.")
    private String from = "";

    @Option(names = "--detach", order = 1, description = "Start the job and return.")
    private boolean isDetached;

    TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if ((spec == null) == from.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "USAGE",
                    "train: %s (expected: 'train SPEC.yaml' or 'train --from MODEL@VERSION')"
                            .formatted(spec == null ? "nothing named" : "a spec and --from")));
        }
        return spec == null ? repeat() : train(YamlProtos.trainingSpec(spec));
    }

    private int train(TrainingSpec trainingSpec) {
        StartJobResponse started = start(StartJobRequest.newBuilder()
                .setSpec(trainingSpec)
                .setRequestId(UUID.randomUUID().toString())
                .build());
        Job job = started.getJob();
        if (isDetached) {
            session.answer(started, () -> session.terminal().line(job.getId()));
            session.terminal().note("watch: foresell jobs watch " + job.getId());
            return ExitCode.OK;
        }
        session.terminal().note("job %s trains %s".formatted(job.getId(), trainingSpec.getModel()));
        return JobWatch.toTheEnd(session, job.getId());
    }

    private int repeat() {
        ModelVersion original = ModelRef.parse(from).resolve(session);
        Repetition repetition = new Repetition(session, original);
        TrainingSpec trainingSpec = repetition.spec();
        if (isDetached) {
            return train(trainingSpec);
        }
        StartJobResponse started = start(StartJobRequest.newBuilder()
                .setSpec(trainingSpec)
                .setRequestId(UUID.randomUUID().toString())
                .build());
        session.terminal()
                .note("job %s repeats %s@%d"
                        .formatted(started.getJob().getId(), original.getModel(), original.getVersion()));
        int exitCode = JobWatch.toTheEnd(session, started.getJob().getId());
        return exitCode == ExitCode.OK ? repetition.compare(started.getJob().getId()) : exitCode;
    }

    /** The request id makes a second try harmless when the first answer was lost. */
    private StartJobResponse start(StartJobRequest request) {
        try {
            return session.services().training().startJob(request);
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                throw e;
            }
            return session.services().training().startJob(request);
        }
    }
}
