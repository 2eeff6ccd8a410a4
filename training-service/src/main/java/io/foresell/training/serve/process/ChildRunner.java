package io.foresell.training.serve.process;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.WireSettings;
import io.foresell.proto.training.v1.TrainEvent;
import io.foresell.proto.training.v1.TrainFailure;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.job.JobRun;
import io.foresell.training.job.JobRunner;
import io.foresell.training.job.TrainedJob;
import io.foresell.training.serve.TrainingProtos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains in a process of its own. Whatever that process dies of, this one lives and says it in words. Thread-safe. */
public final class ChildRunner implements JobRunner {
    private static final Logger log = LoggerFactory.getLogger(ChildRunner.class);
    private static final String MAIN = "io.foresell.training.TrainMain";
    private static final long LOOK_MILLIS = 100;
    private static final List<Path> NICE = List.of(Path.of("/usr/bin/nice"), Path.of("/bin/nice"));

    private final String featureStoreTarget;
    private final Duration readTimeout;
    private final WireSettings wire;
    private final int niceness;
    private final List<String> mainAndPath;

    /**
     * Starts nothing yet.
     *
     * @param featureStoreTarget where a process reads its training set
     * @param readTimeout longest time to read it
     * @param wire how it reaches the feature store
     * @param niceness 0 to 19: how far it stands back behind other processes
     */
    public ChildRunner(String featureStoreTarget, Duration readTimeout, WireSettings wire, int niceness) {
        this(
                featureStoreTarget,
                readTimeout,
                wire,
                niceness,
                List.of("-cp", System.getProperty("java.class.path"), MAIN));
    }

    /** Starts another main class, for tests of what becomes of processes. */
    ChildRunner(
            String featureStoreTarget,
            Duration readTimeout,
            WireSettings wire,
            int niceness,
            List<String> mainAndPath) {
        this.featureStoreTarget = featureStoreTarget;
        this.readTimeout = readTimeout;
        this.wire = wire;
        this.niceness = niceness;
        this.mainAndPath = List.copyOf(mainAndPath);
    }

    @Override
    public TrainedJob run(JobRun run) {
        ChildLimits limits = new ChildLimits(run.needs());
        Relay relay = new Relay(run);
        writeSpec(run);
        try (ChildProcess child = ChildProcess.start(
                builder(run, limits), relay::hear, run.folder().log())) {
            log.info("training process started job={} pid={} limits={}", run.id(), child.pid(), limits);
            boolean isTooLarge = await(child, run);
            int exitCode = child.exitCode();
            log.info("training process ended job={} exit_code={}", run.id(), exitCode);
            return new ChildEnd(exitCode, isTooLarge, limits, child.lastLines(), relay.failure)
                    .outcome(new OutputFolder(run.folder().output()));
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "CHILD_FAILED", "training process: %s (expected: started and read)".formatted(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while a training process ran");
        }
    }

    private static void writeSpec(JobRun run) {
        try {
            Files.writeString(run.folder().spec(), TrainingProtos.json(parsed(run.spec())));
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "JOB_FOLDER_UNWRITABLE",
                            "jobs.folder: %s (expected: a writable folder with space)".formatted(e.getMessage())),
                    e);
        }
    }

    private static TrainingSpec parsed(ByteString spec) {
        try {
            return TrainingSpec.parseFrom(spec);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored spec cannot be read", e);
        }
    }

    private ProcessBuilder builder(JobRun run, ChildLimits limits) {
        JobRun.JobFolder folder = run.folder();
        List<String> command = new ArrayList<>();
        NICE.stream()
                .filter(nice -> niceness > 0 && Files.isExecutable(nice))
                .findFirst()
                .ifPresent(nice -> command.addAll(List.of(nice.toString(), "-n", Integer.toString(niceness))));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(limits.options(
                folder.temporary().toAbsolutePath(), folder.path().toAbsolutePath()));
        command.addAll(mainAndPath);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("FORESELL_") && !name.equals("FORESELL_LOG_LEVEL"));
        environment.remove("JAVA_TOOL_OPTIONS"); // the service's own heap
        environment.put("OMP_NUM_THREADS", Integer.toString(run.needs().threads()));
        // Native threads without work would spin, on processors that others need.
        environment.putIfAbsent("OMP_WAIT_POLICY", "passive");
        environment.put("OPENBLAS_NUM_THREADS", Integer.toString(run.needs().threads()));
        environment.putAll(new TrainSettings(
                        folder.spec().toAbsolutePath(),
                        folder.output().toAbsolutePath(),
                        folder.checkpoints().toAbsolutePath(),
                        run.champion().map(champion -> champion.packageFile().toAbsolutePath()),
                        run.champion().map(JobRun.Champion::version).orElse(0),
                        run.needs().threads(),
                        true,
                        featureStoreTarget,
                        readTimeout,
                        wire)
                .variables());
        return builder;
    }

    /** Waits for the end; returns whether the process took more memory than it was given. Ends it when the job must stop. */
    private static boolean await(ChildProcess child, JobRun run) throws InterruptedException {
        while (!child.hasEnded(LOOK_MILLIS)) {
            if (run.isStopped()) {
                child.close();
                throw new CancellationException("stopped");
            }
            long resident = ResidentMemory.mebibytes(child.pid());
            if (resident > run.needs().memoryMib()) {
                log.warn(
                        "training process too large job={} resident_mib={} limit_mib={}",
                        run.id(),
                        resident,
                        run.needs().memoryMib());
                child.kill();
                return true;
            }
        }
        return false;
    }

    /** Hears what the process says; called by the thread that reads it. */
    private static final class Relay {
        private final JobRun run;
        private volatile @Nullable TrainFailure failure; // the last thing a failed training says

        Relay(JobRun run) {
            this.run = run;
        }

        void hear(String line) {
            EventLines.read(line).ifPresentOrElse(this::hear, () -> log.debug("job={} said {}", run.id(), line));
        }

        private void hear(TrainEvent event) {
            switch (event.getEventCase()) {
                case PROGRESS -> run.report(TrainingProtos.toProgress(event.getProgress()));
                case JUDGED -> run.judged(event.getJudged().toByteString());
                case FAILED -> failure = event.getFailed();
                case DONE, EVENT_NOT_SET -> log.debug("job={} said {}", run.id(), event);
            }
        }
    }
}
