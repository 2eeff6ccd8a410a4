package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.ServiceProcesses;
import io.foresell.store.embedded.EmbeddedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ladder through all processes: declared on the command line, and of use when the feature store hangs. */
final class LadderIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int AWAY = 4;

    @TempDir
    Path folder;

    private ServiceProcesses services;

    @Test
    void aHangingFeatureStoreCostsKnownCustomersNoAnswer() throws Exception {
        services = new ServiceProcesses(folder, PATIENCE);
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore = services.featureStore(store);
                ChildProcess training = services.training(store);
                ChildProcess inference = services.inference("lookup.cache-rows=0")) {
            train();
            assertThat(eventually("release", "leaving@2", "--fallback", "1", "--last-known-max-age", "10m")
                            .succeeded()
                            .out())
                    .contains("2:100% 1:0% (else 1, last known 10 min)", "serving");
            assertThat(eventually("score", "leaving", "B1").succeeded().out()).doesNotContain("last known");

            signal(featureStore, "STOP");
            assertThat(eventually("score", "leaving", "B1").succeeded().out())
                    .contains("last known", "for version 2: features late");
            assertThat(services.command().run("score", "leaving", "B2").exitCode())
                    .as("nobody knows B2 yet")
                    .isEqualTo(AWAY);

            signal(featureStore, "CONT");
            assertThat(eventually("score", "leaving", "B1", "B2").succeeded().out())
                    .doesNotContain("last known");
            assertThat(eventually("release", "history", "leaving").succeeded().out())
                    .contains("(else 1, last known 10 min)");
            forgetsWhoIsErased(featureStore);
            for (ChildProcess process : List.of(inference, training, featureStore)) {
                assertThat(process.stop()).isIn(0, 143);
            }
        }
    }

    /** Of a person that was erased not even the score is given that an inference server remembers. */
    private void forgetsWhoIsErased(ChildProcess featureStore) throws Exception {
        assertThat(eventually("erase", "customer", "B1").succeeded().out()).contains("within 10 seconds");
        Thread.sleep(Duration.ofSeconds(10).toMillis()); // as it says
        signal(featureStore, "STOP");
        assertThat(services.command().run("score", "leaving", "B1").exitCode())
                .as("B1 was erased")
                .isEqualTo(AWAY);
        assertThat(eventually("score", "leaving", "B2").succeeded().out()).contains("last known");
        signal(featureStore, "CONT");
    }

    private static void signal(ChildProcess process, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS) && kill.exitValue() == 0).isTrue();
    }

    private void train() throws Exception {
        Buyers.likelyCsv(folder);
        eventually(Buyers.define(folder)).succeeded();
        eventually(Buyers.ingest(folder)).succeeded();
        for (String candidate : List.of("logistic_regression: {}", "decision_tree: {}")) {
            eventually("train", Buyers.spec(folder, candidate).toString()).succeeded();
        }
    }

    private Command.Result eventually(String... arguments) throws InterruptedException {
        return services.eventually(arguments);
    }
}
