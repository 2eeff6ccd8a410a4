package io.foresell.training.serve.process;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.WireSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a training process is told at start, by a properties file or variables like any of our processes.
 *
 * @param spec the training spec, JSON of {@code TrainingSpec}
 * @param output where packages and results go
 * @param checkpoints where long fits keep how far they are
 * @param champion the package of the version that candidates are compared with; empty for none
 * @param championVersion its number in the registry; 0 without one
 * @param threadCount threads that fit
 * @param endsWithInput whether the process ends when standard input does
 * @param featureStoreTarget {@code host:port} of the feature store
 * @param readTimeout longest time to read the training set
 */
record TrainSettings(
        Path spec,
        Path output,
        Path checkpoints,
        Optional<Path> champion,
        int championVersion,
        int threadCount,
        boolean endsWithInput,
        String featureStoreTarget,
        Duration readTimeout,
        WireSettings wire) {
    TrainSettings {
        if (champion.isPresent() != championVersion > 0) {
            throw new ServiceException(Failure.invalid(
                    "SETTING_INVALID",
                    "train.champion-version",
                    championVersion,
                    champion.isPresent() ? "1 or more with train.champion" : "0 without train.champion"));
        }
    }

    static TrainSettings read(Settings settings) {
        String champion = settings.text(
                "train.champion", "", "package of the version that candidates are compared with; empty for none");
        return new TrainSettings(
                settings.path("train.spec", "spec.json", "training spec, JSON of TrainingSpec"),
                settings.path("train.output", "output", "folder of packages and results"),
                settings.path("train.checkpoints", "checkpoints", "folder where long fits keep how far they are"),
                champion.isEmpty() ? Optional.empty() : Optional.of(Path.of(champion)),
                settings.integer(
                        "train.champion-version", 0, 0, Integer.MAX_VALUE, "number of that version; 0 for none"),
                settings.integer(
                        "train.threads", Runtime.getRuntime().availableProcessors(), 1, 1024, "threads that fit"),
                settings.flag("train.ends-with-input", false, "whether to end when standard input does"),
                settings.text("feature-store.target", "localhost:9001", "host:port of the feature store"),
                settings.duration(
                        "feature-store.read-timeout",
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(1),
                        Duration.ofDays(1),
                        "longest time to read one training set"),
                WireSettings.read(settings, 0));
    }

    /** Returns the variables that hand these settings to a process. */
    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("FORESELL_TRAIN_SPEC", spec.toString());
        variables.put("FORESELL_TRAIN_OUTPUT", output.toString());
        variables.put("FORESELL_TRAIN_CHECKPOINTS", checkpoints.toString());
        champion.ifPresent(file -> {
            variables.put("FORESELL_TRAIN_CHAMPION", file.toString());
            variables.put("FORESELL_TRAIN_CHAMPION_VERSION", Integer.toString(championVersion));
        });
        variables.put("FORESELL_TRAIN_THREADS", Integer.toString(threadCount));
        variables.put("FORESELL_TRAIN_ENDS_WITH_INPUT", Boolean.toString(endsWithInput));
        variables.put("FORESELL_FEATURE_STORE_TARGET", featureStoreTarget);
        variables.put("FORESELL_FEATURE_STORE_READ_TIMEOUT", readTimeout.toString());
        variables.put("FORESELL_GRPC_CALL_TIMEOUT", wire.callTimeout().toString());
        variables.put("FORESELL_GRPC_MAX_MESSAGE_BYTES", Integer.toString(wire.maxMessageBytes()));
        variables.put("FORESELL_AUTH_TOKEN", wire.token());
        wire.security().tokenFile().ifPresent(file -> variables.put("FORESELL_AUTH_TOKEN_FILE", absolute(file)));
        wire.tls().ifPresent(tls -> {
            tls.files().certificateChain().ifPresent(file -> variables.put("FORESELL_TLS_CERTIFICATE", absolute(file)));
            tls.files().privateKey().ifPresent(file -> variables.put("FORESELL_TLS_PRIVATE_KEY", absolute(file)));
            variables.put("FORESELL_TLS_TRUST", absolute(tls.files().trust()));
        });
        return variables;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }
}
