package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.model.pack.ModelPackage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lane when something that ought not to happen happens. */
final class LoadLaneTest {
    @TempDir
    Path folder;

    @Test
    void aBugInOnePieceOfWorkKeepsNoReleaseAway() throws Exception {
        try (LaneMachine machine = new LaneMachine(folder, 0, Duration.ZERO)) {
            machine.stop();
            machine.whenStarted = () -> {
                throw new IllegalStateException("a bug");
            };
            machine.start();
            machine.lane.completed();
            Cluster.await("the bug", () -> machine.states.isStarted());
            byte[] bytes = TestPackages.logistic("churn", 1);
            String digest = ModelPackage.digestOf(bytes);
            machine.packages.put(digest, bytes);
            machine.lane.changed(
                    List.of(new Release("churn", 1, List.of(new RoutedVersion(1, 100, digest, bytes.length)), "salt")));
            Cluster.await("a release", () -> machine.board.current().slot("churn") != null);
            assertThat(machine.board.current().slot("churn").revision()).isEqualTo(1);
        }
    }
}
