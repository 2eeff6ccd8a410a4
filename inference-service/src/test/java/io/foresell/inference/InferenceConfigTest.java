package io.foresell.inference;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.inference.admit.AdmissionSettings;
import io.foresell.inference.admit.Quota;
import io.foresell.inference.record.LogSettings;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Defaults, mapping, and that the documented file names exactly the keys that are read. */
final class InferenceConfigTest {
    private static final Pattern KEY = Pattern.compile("(?m)^#?([a-z][a-z0-9.-]*)=(.*)$");

    @Test
    void hasTheDocumentedDefaults() {
        InferenceConfig config = InferenceConfig.read(Settings.of(Map.of()));
        assertThat(config.wire().grpcPort()).isEqualTo(9003);
        assertThat(config.wire().httpPort()).isEqualTo(9103);
        assertThat(config.registryTarget()).isEqualTo("localhost:9002");
        assertThat(config.featureStoreTarget()).isEqualTo("localhost:9001");
        assertThat(config.cacheFolder()).isEqualTo(Path.of("data/inference"));
        assertThat(config.cacheMaxBytes()).isEqualTo(2_000_000_000L);
        assertThat(config.lookupTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.lookupCacheRows()).isEqualTo(20_000);
        assertThat(config.lookupCacheMaxAge()).isEqualTo(Duration.ofDays(1));
        assertThat(config.onnxRuntimeThreads()).isEqualTo(1);
        assertThat(config.bulk()).isEqualTo(new InferenceConfig.Bulk(1, Duration.ofMinutes(10), Duration.ofMinutes(2)));
        assertThat(config.models())
                .isEqualTo(new InferenceConfig.Models(new MemorySize(0, 50), Duration.ofSeconds(1), 256));
        assertThat(config.openInference()).isEqualTo(new InferenceConfig.OpenInference("foresell", false, true, false));
    }

    @Test
    void mapsEveryKey() {
        InferenceConfig config = InferenceConfig.read(Settings.of(Map.ofEntries(
                entry("grpc.port", "1"),
                entry("grpc.max-concurrent-calls", "600"),
                entry("admit.max-calls-per-connection", "55"),
                entry("registry.target", "r:1"),
                entry("feature-store.target", "f:1"),
                entry("cache.folder", "c"),
                entry("cache.max-megabytes", "7"),
                entry("lookup.timeout", "250ms"),
                entry("lookup.cache-rows", "8"),
                entry("lookup.cache-max-age", "1h"),
                entry("heavy.threads", "3"),
                entry("onnxruntime.threads", "4"),
                entry("models.memory-budget", "800MB"),
                entry("models.min-residence", "3s"),
                entry("models.max-waiting-calls", "11"),
                entry("open-inference.server-name", "other"),
                entry("open-inference.test-models", "true"),
                entry("open-inference.model-control", "false"),
                entry("open-inference.always-raw", "true"),
                entry("admit.min-calls", "5"),
                entry("admit.max-streams", "6"),
                entry("admit.max-bulk-streams", "7"),
                entry("admit.rows-per-second", "9"),
                entry("admit.quotas", "crm:500:5000, shop:20"),
                entry("bulk.threads", "2"),
                entry("bulk.hold", "30s"),
                entry("bulk.idle-timeout", "5s"),
                entry("prediction-log.percent", "50"),
                entry("prediction-log.bulk-percent", "3"),
                entry("prediction-log.models", "churn:100, next_offer:5:no-features"),
                entry("prediction-log.queue-records", "17"),
                entry("prediction-log.queue-megabytes", "2"),
                entry("packages.trusted-keys", "t.pem"))));
        assertThat(config)
                .isEqualTo(new InferenceConfig(
                        config.wire(),
                        "r:1",
                        "f:1",
                        Path.of("c"),
                        7_000_000,
                        Duration.ofMillis(250),
                        8,
                        Duration.ofHours(1),
                        3,
                        4,
                        new InferenceConfig.Models(new MemorySize(800_000_000, 0), Duration.ofSeconds(3), 11),
                        new InferenceConfig.OpenInference("other", true, false, true),
                        new AdmissionSettings(
                                5, 600, 55, 6, 7, 9, List.of(new Quota("crm", 500, 5000), new Quota("shop", 20, 40))),
                        new InferenceConfig.Bulk(2, Duration.ofSeconds(30), Duration.ofSeconds(5)),
                        new LogSettings(
                                50,
                                3,
                                Map.of(
                                        "churn", new LogSettings.Rate(100, true),
                                        "next_offer", new LogSettings.Rate(5, false)),
                                17,
                                2_000_000),
                        Optional.of(Path.of("t.pem"))));
        assertThat(config.wire().grpcPort()).isEqualTo(1);
    }

    @Test
    void refusesAValueOutOfRange() {
        assertThatThrownBy(() -> InferenceConfig.read(Settings.of(Map.of("lookup.cache-rows", "-1"))))
                .isInstanceOfSatisfying(ServiceException.class, error -> assertThat(
                                error.failure().message())
                        .contains("lookup.cache-rows", "'-1'", "0..10000000"));
    }

    @Test
    void readsBudgetsAsShareOrSize() {
        Map<String, MemorySize> good = Map.of(
                "none", MemorySize.NONE,
                "0", MemorySize.NONE,
                "35%", new MemorySize(0, 35),
                "64KB", new MemorySize(64_000, 0),
                "800mb", new MemorySize(800_000_000, 0),
                "2GB", new MemorySize(2_000_000_000, 0));
        good.forEach(
                (text, size) -> assertThat(MemorySize.parse("s", text)).as(text).isEqualTo(size));
        assertThat(new MemorySize(0, 50).onThisHeap())
                .isCloseTo(Runtime.getRuntime().maxMemory() / 2, org.assertj.core.data.Offset.offset(100L));
        for (String text : List.of("0%", "101%", "800", "MB", "-1MB", "5 MB", "1TB", "half", "0KB")) {
            assertThatThrownBy(() -> InferenceConfig.read(Settings.of(Map.of("models.memory-budget", text))))
                    .as(text)
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("models.memory-budget: '" + text + "'");
        }
    }

    @Test
    void refusesRatesThatCannotBeRead() {
        for (String text : List.of("churn", "churn:x", "churn:101", ":5", "churn:5:features", "a:1,a:2", "a:1,")) {
            assertThatThrownBy(() -> InferenceConfig.read(Settings.of(Map.of("prediction-log.models", text))))
                    .as(text)
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("prediction-log.models: '" + text + "' (expected: model:percent");
        }
    }

    @Test
    void refusesQuotasThatCannotBeRead() {
        for (String text : List.of("crm", "crm:x", "crm:0", ":5", "crm:5:0", "crm:5:5:5", "crm:5,crm:6", "crm:5,")) {
            assertThatThrownBy(() -> InferenceConfig.read(Settings.of(Map.of("admit.quotas", text))))
                    .as(text)
                    .isInstanceOf(ServiceException.class)
                    .hasMessageContaining("admit.quotas: '" + text + "' (expected: caller:rows a second");
        }
    }

    @Test
    void documentsExactlyTheKeysItReads() throws Exception {
        Settings settings = Settings.of(Map.of());
        InferenceConfig.read(settings);
        Telemetry.read("test", settings).close();
        Map<String, String> documented = new TreeMap<>();
        Matcher matcher = KEY.matcher(Files.readString(Path.of("inference.properties"), StandardCharsets.UTF_8));
        while (matcher.find()) {
            documented.put(matcher.group(1), matcher.group(2));
        }
        assertThat(documented.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        settings.keys().stream().map(Settings.Key::name).toList());
        // The documented values are the defaults: reading them changes nothing.
        documented.remove("heavy.threads");
        assertThat(InferenceConfig.read(Settings.of(documented)))
                .isEqualTo(InferenceConfig.read(Settings.of(Map.of())));
    }
}
