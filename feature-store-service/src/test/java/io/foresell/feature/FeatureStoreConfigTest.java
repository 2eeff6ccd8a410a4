package io.foresell.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.feature.trainingset.TrainingSetLimits;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The settings and the file that documents them. */
final class FeatureStoreConfigTest {
    @Test
    void hasDefaults() {
        FeatureStoreConfig config = FeatureStoreConfig.read(Settings.of(Map.of()));

        assertThat(config.wire().grpcPort()).isEqualTo(9001);
        assertThat(config.wire().httpPort()).isEqualTo(9101);
        assertThat(config.mongo().uri()).isEqualTo("mongodb://127.0.0.1:27017");
        assertThat(config.mongo().database()).isEqualTo("foresell");
        assertThat(config)
                .isEqualTo(new FeatureStoreConfig(
                        config.wire(),
                        config.mongo(),
                        5000,
                        8,
                        4,
                        new TrainingSetLimits(2_000_000, 10_000_000),
                        new FeatureStoreConfig.Predictions(400, 200_000)));
    }

    @Test
    void mapsEveryKey() {
        Map<String, String> values = new HashMap<>(Map.of(
                "grpc.port", "1",
                "mongo.uri", "mongodb://db",
                "mongo.database", "d",
                "mongo.connect-timeout", "1s",
                "mongo.call-timeout", "2s",
                "ingest.buffer-rows", "3",
                "ingest.max-streams", "4",
                "training.max-streams", "5",
                "training.max-labels", "6",
                "training.max-cached-cells", "7"));
        values.putAll(Map.of("predictions.retention-days", "8", "predictions.max-metric-rows", "9000"));
        FeatureStoreConfig config = FeatureStoreConfig.read(Settings.of(values));

        assertThat(config.wire().grpcPort()).isEqualTo(1);
        assertThat(config.mongo().uri()).isEqualTo("mongodb://db");
        assertThat(config.mongo().database()).isEqualTo("d");
        assertThat(config.mongo().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.mongo().callTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.ingestBufferRows()).isEqualTo(3);
        assertThat(config.maxIngestStreams()).isEqualTo(4);
        assertThat(config.maxTrainingStreams()).isEqualTo(5);
        assertThat(config.trainingSets()).isEqualTo(new TrainingSetLimits(6, 7));
        assertThat(config.predictions()).isEqualTo(new FeatureStoreConfig.Predictions(8, 9000));
    }

    @Test
    void documentsEveryKeyWithItsDefault() throws IOException {
        Settings settings = Settings.of(Map.of());
        FeatureStoreConfig.read(settings);
        Telemetry.read("feature-store", settings).close();
        Map<String, String> read =
                settings.keys().stream().collect(Collectors.toMap(Settings.Key::name, Settings.Key::defaultValue));
        Properties documented = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("feature-store.properties"))) {
            documented.load(reader);
        }

        assertThat(documented).isEqualTo(read);
    }
}
