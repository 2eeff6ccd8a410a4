package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void environmentOverridesFileAndFileOverridesDefault() throws Exception {
        Path file = Files.writeString(folder.resolve("a.properties"), "mongo.uri=from-file\ngrpc.port=7\n");
        Settings settings =
                Settings.load(new String[] {file.toString()}, Map.of("FORESELL_MONGO_URI", "from-environment"));
        assertThat(settings.text("mongo.uri", "default", "")).isEqualTo("from-environment");
        assertThat(settings.integer("grpc.port", 1, 0, 9, "")).isEqualTo(7);
        assertThat(settings.text("mongo.database", "foresell", "")).isEqualTo("foresell");
    }

    @Test
    void refusesAnUnknownKeyAndNamesTheNearest() {
        Settings settings = Settings.of(Map.of("mongo.url", "x"));
        String unused = settings.text("mongo.uri", "", "");
        assertThat(unused).isEmpty();
        assertThatThrownBy(settings::refuseUnknown)
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("mongo.url")
                .hasMessageContaining("nearest known: mongo.uri");
    }

    @Test
    void refusesANumberOutsideItsRangeNamingValueAndExpectation() {
        Settings settings = Settings.of(Map.of("grpc.port", "70000"));
        assertThatThrownBy(() -> settings.integer("grpc.port", 1, 0, 65535, ""))
                .hasMessageContaining("grpc.port: '70000' (expected: a whole number in 0..65535)");
        assertThatThrownBy(() -> Settings.of(Map.of("grpc.port", "x")).integer("grpc.port", 1, 0, 9, ""))
                .hasMessageContaining("'x'");
    }

    @Test
    void readsDurationsInShortAndIsoForm() {
        for (Map.Entry<String, Duration> example : Map.of(
                        "250ms", Duration.ofMillis(250),
                        "10s", Duration.ofSeconds(10),
                        "5m", Duration.ofMinutes(5),
                        "7d", Duration.ofDays(7),
                        "PT10S", Duration.ofSeconds(10))
                .entrySet()) {
            Settings settings = Settings.of(Map.of("a", example.getKey()));
            assertThat(settings.duration("a", Duration.ZERO, Duration.ZERO, Duration.ofDays(8), ""))
                    .isEqualTo(example.getValue());
        }
        assertThatThrownBy(() -> Settings.of(Map.of("a", "soon"))
                        .duration("a", Duration.ZERO, Duration.ZERO, Duration.ofDays(8), ""))
                .hasMessageContaining("'soon'");
    }

    @Test
    void masksSecretsAndKnowsTheVariableOfAKey() {
        Settings settings = Settings.of(Map.of("auth.token", "hush"));
        assertThat(settings.secret("auth.token", "")).isEqualTo("hush");
        assertThat(settings.keys()).singleElement().satisfies(key -> {
            assertThat(key.value()).isEqualTo("(secret)");
            assertThat(key.variable()).isEqualTo("FORESELL_AUTH_TOKEN");
        });
    }

    @Test
    void refusesAFileThatIsNotUtf8OrMissing() throws Exception {
        Path file = Files.write(folder.resolve("a.properties"), "a=\u00e4".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Settings.load(new String[] {file.toString()}, Map.of()))
                .hasMessageContaining("a readable properties file in UTF-8");
        assertThatThrownBy(
                        () -> Settings.load(new String[] {folder.resolve("none").toString()}, Map.of()))
                .hasMessageContaining("none");
    }

    @Test
    void warnsOfVariablesNobodyReads() {
        Settings settings = Settings.load(new String[0], Map.of("FORESELL_MONGO_URL", "x", "HOME", "/"));
        assertThat(settings.unknownVariables()).containsExactly("FORESELL_MONGO_URL");
    }
}
