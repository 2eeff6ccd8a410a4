package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ladder through all processes: declared on the command line, and of use when the feature store hangs. */
final class LadderIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int AWAY = 4;

    @TempDir
    Path folder;

    private final int featureStorePort = freePort();
    private final int trainingPort = freePort();
    private final int inferencePort = freePort();
    private final Command command = new Command(featureStorePort, trainingPort, inferencePort);

    private static int freePort() {
        try {
            return ChildProcess.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChildProcess service(String module, int port, String settings) throws Exception {
        Path jar = ChildProcess.ROOT.resolve(module + "/target/foresell-" + module + ".jar");
        Path file = Files.writeString(
                folder.resolve(module + ".properties"), "grpc.port=%d%nhttp.port=0%n%s%n".formatted(port, settings));
        ChildProcess process = ChildProcess.jar(folder, jar, List.of("-Xmx400m"), List.of(file.toString()));
        process.awaitOutput("started server=", PATIENCE);
        return process;
    }

    private Command.Result eventually(String... arguments) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Command.Result result = command.run(arguments);
        while (result.exitCode() == AWAY && System.nanoTime() < end) {
            Thread.sleep(250);
            result = command.run(arguments);
        }
        return result;
    }

    @Test
    void aHangingFeatureStoreCostsKnownCustomersNoAnswer() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore =
                        service("feature-store-service", featureStorePort, "mongo.uri=" + store.uri());
                ChildProcess training = service(
                        "training-service",
                        trainingPort,
                        "mongo.uri=%s%nfeature-store.target=localhost:%d".formatted(store.uri(), featureStorePort));
                ChildProcess inference = service(
                        "inference-service",
                        inferencePort,
                        "registry.target=localhost:%d%nfeature-store.target=localhost:%d%ncache.folder=%s%nlookup.cache-rows=0"
                                .formatted(trainingPort, featureStorePort, folder.resolve("cache")))) {
            train();
            assertThat(eventually("release", "leaving@2", "--fallback", "1", "--last-known-max-age", "10m")
                            .succeeded()
                            .out())
                    .contains("2:100% 1:0% (else 1, last known 10 min)", "serving");
            assertThat(eventually("score", "leaving", "B1").succeeded().out()).doesNotContain("last known");

            signal(featureStore, "STOP");
            assertThat(eventually("score", "leaving", "B1").succeeded().out())
                    .contains("last known", "for version 2: features late");
            assertThat(command.run("score", "leaving", "B2").exitCode())
                    .as("nobody knows B2 yet")
                    .isEqualTo(AWAY);

            signal(featureStore, "CONT");
            assertThat(eventually("score", "leaving", "B1", "B2").succeeded().out())
                    .doesNotContain("last known");
            assertThat(eventually("release", "history", "leaving").succeeded().out())
                    .contains("(else 1, last known 10 min)");
            for (ChildProcess process : List.of(inference, training, featureStore)) {
                assertThat(process.stop()).isIn(0, 143);
            }
        }
    }

    private static void signal(ChildProcess process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0).isTrue();
    }

    private void train() throws Exception {
        Path csv = Files.writeString(folder.resolve("rows.csv"), rows());
        eventually(
                        "define",
                        "--from",
                        csv.toString(),
                        "--name",
                        "buyers",
                        "--key",
                        "id",
                        "--label",
                        "left",
                        "--label-positive",
                        "Yes",
                        "--force",
                        "--out",
                        folder.resolve("buyers.yaml").toString())
                .succeeded();
        eventually("ingest", "buyers,buyers_left", csv.toString()).succeeded();
        for (String candidate : List.of("logistic_regression: {}", "decision_tree: {}")) {
            Path spec = Files.writeString(
                    folder.resolve("spec.yaml"),
                    "model: leaving\nfeature_set: buyers_features\nlabel_view: buyers_left\ncandidates: [{%s}]\n"
                            .formatted(candidate));
            eventually("train", spec.toString()).succeeded();
        }
    }

    private static String rows() {
        StringBuilder text = new StringBuilder("id,visits,left\n");
        Random random = new Random(5);
        for (int i = 0; i < 600; i++) {
            int visits = random.nextInt(50);
            boolean isLeaving = random.nextDouble() < 1 / (1 + Math.exp(0.15 * (visits - 20)));
            text.append("B%d,%d,%s\n".formatted(i, visits, isLeaving ? "Yes" : "No"));
        }
        return text.toString();
    }
}
