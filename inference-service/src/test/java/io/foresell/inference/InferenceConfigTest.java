package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
        assertThat(config.onnxRuntimeThreads()).isEqualTo(1);
    }

    @Test
    void mapsEveryKey() {
        InferenceConfig config = InferenceConfig.read(Settings.of(Map.of(
                "grpc.port", "1",
                "registry.target", "r:1",
                "feature-store.target", "f:1",
                "cache.folder", "c",
                "cache.max-megabytes", "7",
                "lookup.timeout", "250ms",
                "lookup.cache-rows", "8",
                "heavy.threads", "3",
                "onnxruntime.threads", "4")));
        assertThat(config)
                .isEqualTo(new InferenceConfig(
                        config.wire(), "r:1", "f:1", Path.of("c"), 7_000_000, Duration.ofMillis(250), 8, 3, 4));
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
