package io.foresell.inference.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The watch over a real socket. */
final class RegistryWatcherTest {
    private final CountDownLatch completions = new CountDownLatch(3);

    private final ReleaseListener listener = new ReleaseListener() {
        @Override
        public void changed(List<Release> releases) {}

        @Override
        public void completed() {
            completions.countDown();
        }
    };

    @Test
    void opensANewStreamWhenTheOldOneIsSilent() throws Exception {
        try (RegistryPeer registry = new RegistryPeer();
                GrpcClient client =
                        GrpcClient.open(registry.target(), WireSettings.local(0, 0), Telemetry.local("watcher"));
                RegistryWatcher watcher =
                        RegistryWatcher.start(client, listener, new RegistryConnection(), Duration.ofMillis(100))) {
            assertThat(watcher).isNotNull();
            assertThat(completions.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(registry.watchCount()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void comesBackAfterTheRegistryDoes() {
        RegistryConnection connection = new RegistryConnection();
        try (RegistryPeer registry = new RegistryPeer();
                GrpcClient client =
                        GrpcClient.open(registry.target(), WireSettings.local(0, 0), Telemetry.local("watcher"));
                RegistryWatcher watcher = RegistryWatcher.start(client, listener, connection)) {
            assertThat(watcher).isNotNull();
            Cluster.await("connected", connection::isConnected);
            registry.stop();
            Cluster.await("lost", () -> !connection.isConnected());
            registry.restart();
            Cluster.await("connected again", connection::isConnected);
        }
    }

    /** One attempt that makes the channel connect, and one that gets through. */
    @Test
    void twoAttemptsAreMadeWithinTwoSecondsHoweverLongTheRegistryWasAwayAndAreNoHammering() {
        Backoff backoff = RegistryWatcher.backoff();
        long before = 0;
        for (int attempt = 0; attempt < 1000; attempt++) {
            long millis = backoff.next().toMillis();
            assertThat(before + millis).isLessThanOrEqualTo(2_000);
            assertThat(millis).isGreaterThanOrEqualTo(attempt < 3 ? 100 : 500);
            before = millis;
        }
    }

    @Test
    void waitsLongerEachTimeUpToTheCapAndStartsOver() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(400));
        for (long ceiling : new long[] {100, 200, 400, 400}) {
            assertThat(backoff.next().toMillis()).isBetween(ceiling / 2, ceiling);
        }
        backoff.reset();
        assertThat(backoff.next().toMillis()).isBetween(50L, 100L);
    }
}
