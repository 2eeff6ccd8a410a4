package io.foresell.cli.command;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.training.v1.Budget;
import io.foresell.proto.training.v1.Choose;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.StartJobResponse;
import io.foresell.proto.training.v1.Task;
import io.foresell.proto.training.v1.TrainingSpec;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains models from a spec. */
@Command(
        name = "train",
        sortOptions = false,
        description = {
            "Train and judge models from a spec, with live progress; repeat the training of a version; or, with --choose,",
            "leave it to the service what to try in some time.",
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

    @ArgGroup(exclusive = false, order = 2, heading = "%nWithout a spec:%n")
    private @Nullable Chosen chosen;

    /** What a choice needs to know. */
    static final class Chosen {
        @Option(names = "--choose", required = true, order = 3, description = "Try the sensible families, and explain.")
        private boolean isChosen;

        @Option(
                names = "--model",
                required = true,
                paramLabel = "NAME",
                order = 4,
                description = "The model to publish.")
        private String model = "";

        @Option(
                names = "--feature-set",
                required = true,
                paramLabel = "NAME",
                order = 5,
                description = "What it reads.")
        private String featureSet = "";

        @Option(
                names = "--label-view",
                paramLabel = "NAME",
                order = 6,
                description = "What it answers; without one it finds clusters.")
        private String labelView = "";

        @Option(names = "--seconds", paramLabel = "N", order = 7, description = "About how long to try; default 300.")
        private @Nullable Double seconds;

        TrainingSpec spec() {
            TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                    .setModel(model)
                    .setFeatureSet(featureSet)
                    .setLabelView(labelView);
            if (isChosen) {
                spec.setChoose(Choose.getDefaultInstance());
            }
            if (labelView.isEmpty()) {
                spec.setTask(Task.TASK_CLUSTERS);
            }
            if (seconds != null) {
                spec.setBudget(Budget.newBuilder().setSeconds(seconds));
            }
            return spec.build();
        }
    }

    TrainCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        int named = (spec == null ? 0 : 1) + (from.isEmpty() ? 0 : 1) + (chosen == null ? 0 : 1);
        if (named != 1) {
            throw new ServiceException(Failure.invalid(
                    "USAGE",
                    "train: %s (expected: 'train SPEC.yaml', 'train --from MODEL@VERSION' or 'train --choose --model M --feature-set F --label-view V')"
                            .formatted(named == 0 ? "nothing named" : "more than one of a spec, --from and --choose")));
        }
        if (chosen != null) {
            return train(chosen.spec());
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
