package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.ServiceProcesses;
import io.foresell.store.embedded.EmbeddedStore;
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

    private ServiceProcesses services;

    private Command.Result eventually(String... arguments) throws InterruptedException {
        return services.eventually(arguments).succeeded();
    }

    @Test
    void inferenceServesFromItsDiskWithRegistryAndDatabaseGone() throws Exception {
        services = new ServiceProcesses(folder, PATIENCE);
        Buyers.csv(folder);
        String row = "{\"visits\": 3}";
        String before;
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore = services.featureStore(store);
                ChildProcess training = services.training(store);
                ChildProcess inference = services.inference()) {
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
        try (ChildProcess inference = services.inference()) {
            assertThat(score(eventually("--json", "score", "leaving", "--row", row)))
                    .isEqualTo(before);
            Command.Result byId = services.command().run("score", "leaving", "B1");
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
