package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import io.foresell.kit.Settings;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.RegistryConfig;
import io.foresell.training.registry.ReleaseBands;
import io.foresell.training.registry.ReleaseUnit;
import io.foresell.training.registry.Route;
import io.foresell.training.rollout.observe.CoarseBins;
import io.foresell.training.rollout.observe.RecordedRow;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.replay.Replay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recorded rows scored by two real packages of a real registry. */
final class ReplayTest {
    @TempDir
    Path scratch;

    @Test
    void countsWhatBothDecide() {
        try (EmbeddedStore store = EmbeddedStore.inMemory();
                MongoClient mongo = MongoClients.create(store.uri())) {
            ModelRegistry registry = new ModelRegistry(
                    mongo.getDatabase("test"),
                    RegistryConfig.read(Settings.of(Map.of()), scratch),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry());
            registry.publications().publish("replayed", "", TestPackages.sound("replayed", 1));
            registry.publications().publish("replayed", "", TestPackages.sound("replayed", 2));
            release(registry, ReleaseUnit.of(List.of(new Route(1, 100))));
            double[] values = {-1, -0.6, 0, 0.3, 1};
            Replay replay =
                    new Replay(registry, (model, version, limit) -> version == 1 ? rows(values, limit) : List.of());

            ShadowCounts counts = replay.of("replayed", 1, 2, 100);
            assertThat(counts.rowCount()).isEqualTo(5);
            assertThat(counts.errorCount()).isZero();
            // Low below 0.3, high from 0.6: of -0.6 medium becomes low, of 0.3 medium becomes high.
            assertThat(counts.flipCount()).isEqualTo(2);
            assertThat(counts.championScores()).isEqualTo(scores(values, 1));
            assertThat(counts.candidateScores()).isEqualTo(scores(values, 2));
            assertThat(replay.of("replayed", 1, 2, 2).rowCount()).isEqualTo(2);
            assertThat(replay.of("replayed", 2, 1, 2)).as("nothing recorded").isEqualTo(ShadowCounts.NONE);

            // By the release's bands everything is medium.
            release(registry, new ReleaseUnit(List.of(new Route(1, 100)), null, new ReleaseBands(0.01, 0.99), "", ""));
            assertThat(replay.of("replayed", 1, 2, 100).flipCount()).isZero();
        }
    }

    private static void release(ModelRegistry registry, ReleaseUnit unit) {
        registry.releases().setRelease("replayed", unit, "", OptionalInt.empty(), "ann", "test", false);
    }

    private static List<RecordedRow> rows(double[] values, int limit) {
        return DoubleStream.of(values)
                .limit(limit)
                .mapToObj(value -> new RecordedRow(new float[] {(float) value}, new String[0]))
                .toList();
    }

    private static io.foresell.training.rollout.sequential.Histogram scores(double[] values, double coefficient) {
        return CoarseBins.SCORES.ofValues(DoubleStream.of(values)
                .map(value -> 1 / (1 + Math.exp(-coefficient * value)))
                .toArray());
    }
}
