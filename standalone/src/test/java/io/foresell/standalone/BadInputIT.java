package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's own file from CSV to score, and everything that can be wrong on the way: status, value, expectation, nothing half-done. */
final class BadInputIT {
    private static final int ROW_COUNT = 300;

    @TempDir
    static Path folder;

    private static Standalone standalone;
    private static Command command;

    @BeforeAll
    static void ownDataFromFileToScore() throws Exception {
        standalone = Standalone.start(folder).awaitReady();
        command = standalone.command();
        Files.writeString(folder.resolve("buyers.csv"), rows());
        command.run(Buyers.define(folder)).succeeded();
        command.run(Buyers.ingest(folder)).succeeded();
        command.run("train", spec("ok.yaml", "logistic_regression: {}").toString())
                .succeeded();
        command.run("release", "leaving@1").succeeded();
        assertThat(command.run("--json", "score", "leaving", "B7").succeeded().out())
                .contains("\"score\"");
    }

    @AfterAll
    static void stop() throws Exception {
        standalone.close();
    }

    private static String rows() {
        StringBuilder text = new StringBuilder("id,visits,plan,left\n");
        for (int i = 0; i < ROW_COUNT; i++) {
            int visits = (i * 37) % 50;
            String left = (visits < 15) ^ (i % 7 == 0) ? "Yes" : "No";
            text.append("B%d,%d,%s,%s%n"
                    .formatted(i, visits, i % 3 == 0 ? "gold" : "basic", left)
                    .replace("\r", ""));
        }
        return text.toString();
    }

    private static Path spec(String name, String candidate) throws Exception {
        return Files.writeString(
                folder.resolve(name),
                """
                model: leaving
                feature_set: buyers_features
                label_view: buyers_left
                candidates:
                  - %s
                """
                        .formatted(candidate));
    }

    private static Path csv(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String storeStatus() {
        return command.run("--json", "status").succeeded().out().replaceAll("(?m)^.*(illis|econds|latency).*$", "");
    }

    private static void refuses(int exitCode, String[] expected, String... arguments) {
        Command.Result result = command.run(arguments);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        for (String part : expected) {
            assertThat((result.err() + result.out()).toLowerCase(Locale.ROOT)).contains(part.toLowerCase(Locale.ROOT));
        }
        assertThat(result.err()).doesNotContain("\tat ");
    }

    private static String[] says(String... parts) {
        return parts;
    }

    @Test
    void aDeclaredColumnThatIsMissing() throws Exception {
        String before = storeStatus();
        Path file = csv("no_visits.csv", "id,visitz,plan\nB1,3,gold\n");
        refuses(1, says("visits"), "ingest", "buyers", file.toString());
        assertThat(storeStatus()).isEqualTo(before);
    }

    @Test
    void textInANumberColumnGoesToQuarantine() throws Exception {
        Path file = csv("text.csv", "id,visits,plan\nQ1,many,gold\nQ2,4,gold\n");
        refuses(3, says("many", "line 2"), "ingest", "--strict", "buyers", file.toString());
        assertThat(command.run("--json", "quarantine", "buyers").succeeded().out())
                .contains("many");
    }

    @Test
    void aRowThatIsTooLongGoesToQuarantine() throws Exception {
        Path file = csv("long.csv", "id,visits,plan\nL1,1,gold,extra,more\n");
        refuses(3, says("5", "3"), "ingest", "--strict", "buyers", file.toString());
    }

    @Test
    void anEmptyFile() throws Exception {
        refuses(2, says("empty"), "ingest", "buyers", csv("empty.csv", "").toString());
        refuses(
                2,
                says("0 rows"),
                "ingest",
                "buyers",
                csv("header.csv", "id,visits,plan\n").toString());
    }

    @Test
    void aFileThatIsNotUtf8() throws Exception {
        String before = storeStatus();
        Path file = Files.write(
                folder.resolve("latin1.csv"), "id,visits,plan\nU1,1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        refuses(2, says("utf-8"), "ingest", "buyers", file.toString());
        assertThat(storeStatus()).isEqualTo(before);
    }

    @Test
    void duplicateIdsInOneSnapshot() throws Exception {
        Path file = csv("twice.csv", "id,visits,plan\nD1,1,gold\nD1,2,basic\n");
        refuses(3, says("D1"), "ingest", "--strict", "buyers", file.toString());
    }

    @Test
    void aLabelWithOneClass() throws Exception {
        Path file = csv("one.csv", "id,visits,plan,stayed\nO1,1,gold,No\nO2,2,basic,No\nO3,3,gold,No\n");
        command.run(
                        "define",
                        "--from",
                        file.toString(),
                        "--name",
                        "loyal",
                        "--key",
                        "id",
                        "--label",
                        "stayed",
                        "--label-positive",
                        "No",
                        "--out",
                        folder.resolve("loyal.yaml").toString())
                .succeeded();
        command.run("ingest", "loyal,loyal_stayed", file.toString()).succeeded();
        Path spec = Files.writeString(
                folder.resolve("one.yaml"),
                "model: one_class\nfeature_set: loyal_features\nlabel_view: loyal_stayed\ncandidates: [{logistic_regression: {}}]\n");
        refuses(3, says("class"), "train", spec.toString());
        refuses(1, says("one_class"), "models", "show", "one_class");
    }

    @Test
    void namesThatDoNotExist() throws Exception {
        refuses(1, says("nobody"), "score", "nobody", "B1");
        refuses(1, says("B99999"), "score", "leaving", "B99999");
        refuses(1, says("99"), "release", "leaving@99");
        refuses(
                1,
                says("nowhere"),
                "ingest",
                "nowhere",
                folder.resolve("buyers.csv").toString());
        HttpResponse<String> answer = get("/v1/models/leaving/entities/B99999/score");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("application/problem+json");
        assertThat(answer.body()).contains("B99999");
    }

    @Test
    void aBatchOverTheLimit() throws Exception {
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < 4097; i++) {
            ids.append(i == 0 ? "" : ",").append("\"B1\"");
        }
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address("/v1/models/leaving:score"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"entities\":[" + ids + "]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("4097").contains("4096");
    }

    @Test
    void aCorruptedPackage() throws Exception {
        Path good = folder.resolve("good.zip");
        command.run("models", "download", "leaving@1", "-o", good.toString()).succeeded();
        byte[] bytes = Files.readAllBytes(good);
        for (int i = bytes.length / 2; i < bytes.length / 2 + 40; i++) {
            bytes[i] ^= 0x55;
        }
        Path bad = Files.write(folder.resolve("bad.zip"), bytes);
        String before =
                command.run("--json", "models", "show", "leaving").succeeded().out();
        refuses(1, says("expected"), "models", "publish", bad.toString(), "--model", "leaving");
        assertThat(command.run("--json", "models", "show", "leaving")
                        .succeeded()
                        .out())
                .isEqualTo(before);
    }

    @Test
    void aSpecWithAnUnknownKeyNamesTheNearest() throws Exception {
        Path spec = spec("unknown.yaml", "logistic_regresion: {}");
        refuses(2, says("logistic_regresion", "logistic_regression"), "train", spec.toString());
    }

    @Test
    void aPortInUse() throws Exception {
        try (Standalone second = Standalone.start(
                Files.createDirectory(folder.resolve("second")), "--inference-port", "" + standalone.inferencePort())) {
            assertThat(second.process().awaitEnd(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(second.process().output())
                    .contains("" + standalone.inferencePort())
                    .contains("expected: a free port");
        }
    }

    /** Its gateway is still starting, and must not keep the process alive. */
    @Test
    void aClusterThatIsNotReadyInTime() throws Exception {
        try (Standalone second =
                Standalone.start(Files.createDirectory(folder.resolve("late")), "--ready-seconds", "0")) {
            assertThat(second.process().awaitEnd(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(second.process().output())
                    .contains("not ready after 0 s (expected: ready")
                    .doesNotContain("Exception", "Error", "\tat "); // the gateway, still starting, ends first
        }
    }

    @Test
    void aDataFolderThatCannotBeWrittenOrIsInUse() throws Exception {
        Path file = Files.writeString(folder.resolve("a_file"), "");
        try (Standalone second = Standalone.start(
                Files.createDirectory(folder.resolve("third")),
                "--data",
                file.resolve("below").toString())) {
            assertThat(second.process().awaitEnd(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(second.process().output()).contains("expected: a writable folder");
        }
        try (Standalone second = Standalone.start(
                Files.createDirectory(folder.resolve("fourth")),
                "--data",
                standalone.data().toString())) {
            assertThat(second.process().awaitEnd(Duration.ofMinutes(1))).isEqualTo(1);
            assertThat(second.process().output()).contains("failed: ").contains("expected: ");
        }
    }

    private static URI address(String path) {
        return URI.create("http://localhost:" + standalone.gatewayPort() + path);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address(path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
