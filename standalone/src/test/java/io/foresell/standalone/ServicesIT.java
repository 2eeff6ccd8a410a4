package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The production shape: each service its own process, configured by a properties file, talking to a MongoDB given by URI. */
final class ServicesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
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
            throw new java.io.UncheckedIOException(e);
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

    private ChildProcess inference() throws Exception {
        return service(
                "inference-service",
                inferencePort,
                "registry.target=localhost:%d%nfeature-store.target=localhost:%d%ncache.folder=%s"
                        .formatted(trainingPort, featureStorePort, folder.resolve("packages")));
    }

    /** Repeats a command until it succeeds: services come up, and back, in their own time. */
    private Command.Result eventually(String... arguments) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Command.Result result = command.run(arguments);
        while (result.exitCode() == AWAY && System.nanoTime() < end) {
            Thread.sleep(250);
            result = command.run(arguments);
        }
        return result.succeeded();
    }

    @Test
    void inferenceServesFromItsDiskWithRegistryAndDatabaseGone() throws Exception {
        Buyers.csv(folder);
        String row = "{\"visits\": 3}";
        String before;
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore =
                        service("feature-store-service", featureStorePort, "mongo.uri=" + store.uri());
                ChildProcess training = service(
                        "training-service",
                        trainingPort,
                        "mongo.uri=%s%nfeature-store.target=localhost:%d".formatted(store.uri(), featureStorePort));
                ChildProcess inference = inference()) {
            eventually(Buyers.define(folder));
            eventually(Buyers.ingest(folder));
            eventually("train", Buyers.spec(folder).toString());
            eventually("release", "leaving@1");
            before = score(eventually("--json", "score", "leaving", "--row", row));
            assertThat(featureStore.stop()).isIn(0, 143);
            training.kill();
            assertThat(score(eventually("--json", "score", "leaving", "--row", row)))
                    .isEqualTo(before);
            assertThat(inference.stop()).isIn(0, 143);
        }
        try (ChildProcess inference = inference()) {
            assertThat(score(eventually("--json", "score", "leaving", "--row", row)))
                    .isEqualTo(before);
            Command.Result byId = command.run("score", "leaving", "B1");
            assertThat(byId.exitCode()).as(byId.toString()).isEqualTo(AWAY);
            assertThat(inference.stop()).isIn(0, 143);
        }
    }

    @Test
    void aWrongSettingStopsTheStartWithOneLine() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.properties"), "cache.foldr=/tmp/x\n");
        Path jar = ChildProcess.ROOT.resolve("inference-service/target/foresell-inference-service.jar");
        try (ChildProcess process = ChildProcess.jar(folder, jar, List.of(), List.of(file.toString()))) {
            assertThat(process.awaitEnd(PATIENCE)).isEqualTo(2);
            assertThat(process.output()).contains("cache.foldr").contains("cache.folder");
        }
    }

    private static String score(Command.Result result) {
        return result.out()
                .lines()
                .filter(line -> line.contains("\"score\""))
                .findFirst()
                .orElseThrow();
    }
}
