package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.pack.LoadedPackage;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract of {@code docs/training-job.md}, kept by a real process: variables and a spec in, events, packages and results out. */
final class TrainMainTest {
    private static final String SPEC =
            """
            {"model": "churn", "feature_set": "customer_features", "label_view": "%s", "seed": "3",
             "candidates": [%s], "split": {"time": {}}, "priority": 7}
            """;
    private static final String LOGISTIC = "{\"logistic_regression\": {}}";
    private static final String TREES = "{\"boosted_trees\": {\"tree_count\": 10}}";

    @TempDir
    Path folder;

    /** What a process said and how it ended. */
    private record Ended(int exitCode, List<String> events) {
        String lastEvent() {
            return events.get(events.size() - 1);
        }
    }

    private Process start(String name, String target, String spec) throws IOException {
        Path specFile = Files.writeString(folder.resolve(name + ".json"), spec);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.bytedeco.javacpp.maxbytes=512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainMain.class.getName()))
                .redirectError(folder.resolve(name + ".log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "OMP_NUM_THREADS",
                        "1",
                        "FORESELL_TRAIN_SPEC",
                        specFile.toString(),
                        "FORESELL_TRAIN_OUTPUT",
                        folder.resolve(name).toString(),
                        "FORESELL_TRAIN_CHECKPOINTS",
                        folder.resolve("checkpoints").toString(),
                        "FORESELL_TRAIN_THREADS",
                        "1",
                        "FORESELL_TRAIN_ENDS_WITH_INPUT",
                        "true",
                        "FORESELL_FEATURE_STORE_TARGET",
                        target));
        return builder.start();
    }

    private Ended run(String name, String target, String spec) throws IOException {
        Process process = start(name, target, spec);
        try (InputStream out = process.getInputStream()) {
            List<String> events = new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), events);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Map<String, byte[]> entries(Path zip) throws IOException {
        try (ZipFile file = new ZipFile(zip.toFile())) {
            Map<String, byte[]> entries = new java.util.TreeMap<>();
            for (ZipEntry entry : new ArrayList<>(file.stream().toList())) {
                entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
            }
            return entries;
        }
    }

    @Test
    void trainsAndLeavesPackagesAndResultsAndDoesSoAgain() throws Exception {
        try (TestFeatureStore store = new TestFeatureStore()) {
            String spec = SPEC.formatted("churned", LOGISTIC + ", " + TREES)
                    .replace("\"priority\"", "\"publish\": \"PUBLISH_RULE_ALL\", \"priority\"");
            Ended first = run("first", store.target(), spec);
            assertThat(first.exitCode())
                    .as(Files.readString(folder.resolve("first.log")))
                    .isZero();
            assertThat(first.events()).allMatch(line -> line.startsWith("{"));
            assertThat(first.events().get(0)).contains("\"stage\":\"read training set\"");
            assertThat(first.events())
                    .filteredOn(line -> line.startsWith("{\"judged\""))
                    .hasSize(2);
            assertThat(first.lastEvent()).isEqualTo("{\"done\":{\"package_count\":2}}");
            assertThat(folder.resolve("first/results.json"))
                    .content()
                    .contains("\"package_file\": \"candidate-2.zip\"");
            Map<String, byte[]> entries = entries(folder.resolve("first/candidate-1.zip"));
            assertThat(new String(entries.get("source/spec.json"), StandardCharsets.UTF_8))
                    .contains("\"label_view\": \"churned\"")
                    .doesNotContain("priority");
            LoadedPackage.load(Files.readAllBytes(folder.resolve("first/candidate-1.zip")), "", LoadedPackage.COMPILED);

            Ended second = run("second", store.target(), spec);
            assertThat(second.exitCode()).isZero();
            for (String name : List.of("candidate-1.zip", "candidate-2.zip")) {
                assertThat(folder.resolve("second").resolve(name))
                        .as("same spec, rows and seed, same bytes")
                        .hasSameBinaryContentAs(folder.resolve("first").resolve(name));
            }
        }
    }

    @Test
    void aTrainingThatFailsSaysWhy() throws Exception {
        try (TestFeatureStore store = new TestFeatureStore()) {
            Ended oneClass = run("one-class", store.target(), SPEC.formatted("always", LOGISTIC));
            assertThat(oneClass.exitCode()).isEqualTo(1);
            assertThat(oneClass.lastEvent())
                    .contains("\"reason\":\"LABEL_ONE_CLASS\"")
                    .contains("expected");
            assertThat(folder.resolve("one-class/results.json")).doesNotExist();

            Ended unknown = run("unknown", store.target(), "{\"modle\": \"churn\"}");
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.lastEvent()).contains("SPEC_UNREADABLE").contains("modle");
        }
    }

    /** A file that is really full: every write to it fails as on a full disk. */
    @Test
    void aFullDiskIsSaidAndLeavesNoResults() throws Exception {
        try (TestFeatureStore store = new TestFeatureStore()) {
            Files.createDirectories(folder.resolve("full"));
            Files.createSymbolicLink(folder.resolve("full/candidate-1.zip.partial"), Path.of("/dev/full"));
            Ended full = run("full", store.target(), SPEC.formatted("churned", LOGISTIC));
            assertThat(full.exitCode()).isEqualTo(1);
            assertThat(full.lastEvent()).contains("OUTPUT_UNWRITABLE").contains("No space left on device");
            assertThat(folder.resolve("full/results.json")).doesNotExist();
        }
    }

    @Test
    void endsWhenNobodyWaitsForIt() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Process process =
                    start("orphan", "127.0.0.1:" + silent.getLocalPort(), SPEC.formatted("churned", LOGISTIC));
            try {
                assertThat(process.getInputStream().read()).isEqualTo('{');
                process.getOutputStream().close();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(4);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
