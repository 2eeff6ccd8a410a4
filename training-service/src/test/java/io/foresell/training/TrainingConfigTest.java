package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class TrainingConfigTest {
    private static final Pattern LINE = Pattern.compile("(?m)^(#?)([a-z][a-z0-9.-]*)=(.*)$");

    private static Settings readAll(Map<String, String> values) {
        Settings settings = Settings.of(values);
        TrainingConfig.read(settings);
        Telemetry.read("training", settings).close();
        settings.refuseUnknown();
        return settings;
    }

    @Test
    void documentedKeysAreTheKeysRead() throws IOException {
        Map<String, String> documented = documented(true);
        List<String> read =
                readAll(Map.of()).keys().stream().map(Settings.Key::name).toList();
        assertThat(documented.keySet()).containsExactlyInAnyOrderElementsOf(read);
    }

    @Test
    void documentedValuesAreTheDefaults() throws IOException {
        assertThat(TrainingConfig.read(Settings.of(documented(false))))
                .isEqualTo(TrainingConfig.read(Settings.of(Map.of())));
    }

    private static Map<String, String> documented(boolean withCommentedOut) throws IOException {
        Map<String, String> values = new TreeMap<>();
        Matcher line = LINE.matcher(Files.readString(Path.of("training.properties")));
        while (line.find()) {
            if (withCommentedOut || line.group(1).isEmpty()) {
                values.put(line.group(2), line.group(3));
            }
        }
        return values;
    }

    @Test
    void defaults() {
        TrainingConfig config = TrainingConfig.read(Settings.of(Map.of()));
        assertThat(config.wire().grpcPort()).isEqualTo(9002);
        assertThat(config.wire().httpPort()).isEqualTo(9102);
        assertThat(config.mongo().uri()).isEqualTo("mongodb://127.0.0.1:27017");
        assertThat(config.mongo().database()).isEqualTo("foresell");
        assertThat(config.featureStoreTarget()).isEqualTo("localhost:9001");
        assertThat(config.jobs().queueSize()).isEqualTo(100);
        assertThat(config.jobs().lease()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.registry().maxPackageBytes()).isEqualTo(512L << 20);
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> readAll(Map.of("jobs.queue-size", "0")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("jobs.queue-size: '0' (expected: a whole number in 1..10000)");
        assertThatThrownBy(() -> readAll(Map.of("job.queue-size", "5")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("nearest known: jobs.queue-size");
        assertThatThrownBy(() -> start(Map.of("mongo.uri", "http://user:secret@x")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("mongo.uri")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> start(Map.of("mongo.database", "no such/name")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("mongo.database");
        assertThatThrownBy(() -> start(Map.of("scratch.folder", "/proc/nowhere")))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("scratch.folder: /proc/nowhere (expected: a writable folder");
    }

    private static void start(Map<String, String> values) {
        try (Telemetry telemetry = Telemetry.local("training")) {
            TrainingServer.start(TrainingConfig.read(Settings.of(values)), telemetry, TestService.NO_TRAINER)
                    .close();
        }
    }
}
