package io.foresell.training.serve.process;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.dataset.FeatureStoreClient;
import io.foresell.training.gate.ChampionGate;
import io.foresell.training.job.JobFailures;
import io.foresell.training.job.JobOptions;
import io.foresell.training.run.CandidateOutcome;
import io.foresell.training.run.Champion;
import io.foresell.training.run.RunSettings;
import io.foresell.training.run.TrainingRun;
import io.foresell.training.serve.TrainingProtos;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training from spec to output folder: the whole life of a training process. */
public final class TrainProcess {
    private static final Logger log = LoggerFactory.getLogger(TrainProcess.class);
    private static final int MAX_SPEC_BYTES = 4 << 20;
    private static final Duration LEAST_CALL_TIMEOUT = Duration.ofSeconds(30);

    private TrainProcess() {}

    /**
     * Trains, and returns the exit code.
     *
     * @param events hears what happens, one JSON object a line
     * @param input its end ends the process, if the settings say so
     */
    public static int run(String[] arguments, Map<String, String> environment, PrintStream events, InputStream input) {
        TrainSettings settings;
        try {
            settings = TrainSettings.read(Settings.load(arguments, environment));
        } catch (ServiceException e) {
            System.err.println("train: " + e.failure().message());
            return ExitCode.SETTINGS;
        }
        if (settings.endsWithInput()) {
            endWith(input);
        }
        return run(settings, new EventLines(events));
    }

    private static int run(TrainSettings settings, EventLines events) {
        try {
            TrainingSpec spec = readSpec(settings.spec());
            List<CandidateOutcome> outcomes = train(settings, spec, events);
            events.done(new OutputFolder(settings.output()).write(outcomes, events.remark()));
            return ExitCode.DONE;
        } catch (OutOfMemoryError e) {
            System.err.println("out of memory: " + e.getMessage());
            return ExitCode.OUT_OF_MEMORY;
        } catch (Throwable e) { // whatever a library throws is said in words
            if (causedByMemory(e)) {
                System.err.println("out of memory: " + e);
                return ExitCode.OUT_OF_MEMORY;
            }
            if (!(e instanceof ServiceException)) {
                log.error("training failed", e);
            }
            Failure failure = JobFailures.ofTraining(e);
            events.failed(failure.reason(), failure.message());
            return ExitCode.FAILED;
        }
    }

    private static boolean causedByMemory(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    private static List<CandidateOutcome> train(TrainSettings settings, TrainingSpec spec, EventLines events) {
        JobOptions options = TrainingProtos.checkedOptions(spec);
        RunSettings run = new RunSettings(
                settings.threadCount(),
                TrainingProtos.specText(spec),
                settings.checkpoints(),
                options.drift(),
                champion(settings, options));
        try (Telemetry telemetry = Telemetry.local("train");
                GrpcClient featureStore = GrpcClient.open(settings.featureStoreTarget(), settings.wire(), telemetry)) {
            FeatureStoreClient source = new FeatureStoreClient(
                    featureStore.channel(), patient(settings.wire().callTimeout()), settings.readTimeout());
            return new TrainingRun(run).run(TrainingProtos.checkedSpec(spec), source, events, () -> false);
        }
    }

    /** Returns what the spec's gate compares with; null without such a gate, or without a champion. */
    private static @Nullable Champion champion(TrainSettings settings, JobOptions options) {
        Optional<ChampionGate> gate = options.gates().champion();
        if (gate.isEmpty() || settings.champion().isEmpty()) {
            return null;
        }
        return TrainingProtos.ENCODING.readChampion(
                settings.champion().get(),
                settings.championVersion(),
                gate.get().metric(),
                settings.threadCount());
    }

    /** A new process on a busy machine takes seconds to connect, and a job that waited in a queue can wait for that. */
    private static Duration patient(Duration callTimeout) {
        return callTimeout.compareTo(LEAST_CALL_TIMEOUT) < 0 ? LEAST_CALL_TIMEOUT : callTimeout;
    }

    private static TrainingSpec readSpec(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_SPEC_BYTES + 1);
            if (bytes.length > MAX_SPEC_BYTES) {
                throw unreadable(file, "more than %d bytes".formatted(MAX_SPEC_BYTES), null);
            }
            TrainingSpec.Builder spec = TrainingSpec.newBuilder();
            JsonFormat.parser().merge(new String(bytes, java.nio.charset.StandardCharsets.UTF_8), spec);
            return spec.build();
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(file, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw unreadable(file, e.toString(), e);
        }
    }

    private static ServiceException unreadable(Path file, String what, @Nullable Throwable cause) {
        return new ServiceException(
                Failure.invalid(
                        "SPEC_UNREADABLE",
                        "train.spec %s: %s (expected: the JSON of a TrainingSpec)".formatted(file, what)),
                cause);
    }

    /** Whoever started the process holds its input open: the end of it means that nobody waits for the outcome. */
    private static void endWith(InputStream input) {
        Thread watch = new Thread(
                () -> {
                    try {
                        input.transferTo(java.io.OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        log.debug("input broke", e);
                    }
                    System.err.println("standard input has ended: whoever started this training is gone");
                    Runtime.getRuntime().halt(ExitCode.ORPHANED);
                },
                "input-watch");
        watch.setDaemon(true);
        watch.start();
    }
}
