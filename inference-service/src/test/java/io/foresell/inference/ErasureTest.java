package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.registry.v1.Release;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server forgets whom the feature store erased: features and scores, also of those whose store is away afterwards. */
final class ErasureTest {
    /** SHA-256 of "customer", a line feed and "c-1". */
    private static final String DIGEST = "4ca97a04f76a9cffa553f269eaab1040a9efb349c62702da0d34e0c096082dee";

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder);
        for (String model : List.of("churn", "offer")) {
            cluster.registry.publish(model, 1, TestPackages.logistic(model, 0));
        }
        cluster.registry.release("churn", 1, 100);
        Release.Builder unit = RegistryPeer.unit(1, 100);
        unit.getLadderBuilder().setLastKnownMaxAge(Durations.fromHours(1));
        cluster.registry.release("offer", unit);
        cluster.features.put("c-1", new Online(12, 70, "basic", 0, List.of()));
        cluster.features.put("c-2", new Online(24, 20, "gold", 0, List.of()));
        cluster.startServing();
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static ScoreRequest.Builder entity(String model, String key) {
        return ScoreRequest.newBuilder()
                .setModel(model)
                .setEntityKeys(EntityKeys.newBuilder().addKeys(key));
    }

    private static ScoreRequest.Builder rowOf(String subject) {
        return ScoreRequest.newBuilder()
                .setModel("offer")
                .setPackedRows(PackedRows.newBuilder()
                        .setRowCount(1)
                        .addNumbers(12)
                        .addNumbers(70)
                        .addTexts("basic"))
                .setSubject(subject);
    }

    private ScoredRow score(ScoreRequest.Builder request) {
        return cluster.score(request).getRows(0);
    }

    private String metric(String name) {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElse("absent");
    }

    private void requireForgotten(ScoreRequest.Builder request) {
        Failure failure = cluster.failureOf(request);
        assertThat(failure.reason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
    }

    @Test
    void forgetsFeaturesAndScoresOfWhomTheStoreErased() {
        for (String key : List.of("c-1", "c-2")) {
            score(entity("churn", key));
            score(entity("offer", key));
            score(rowOf(key));
        }
        assertThat(metric("feature_cache_size")).isEqualTo("2.0");
        assertThat(metric("inference_last_known_scores")).isEqualTo("4.0");

        cluster.features.erase("c-1", DIGEST);
        Cluster.await("forgotten", () -> metric("inference_last_known_scores").equals("2.0"));
        Cluster.await("forgotten", () -> metric("feature_cache_size").equals("1.0"));
        cluster.features.close();

        requireForgotten(entity("churn", "c-1"));
        requireForgotten(entity("offer", "c-1"));
        assertThat(score(entity("churn", "c-2")).getScore())
                .as("whom nobody erased")
                .isPositive();
        assertThat(score(entity("offer", "c-2")).getScore()).isPositive();
    }

    @Test
    void forgetsEverybodyWhenTheStoreErasedMoreThanItTells() {
        score(entity("churn", "c-1"));
        score(entity("offer", "c-2"));
        cluster.features.eraseMany();
        Cluster.await("forgotten", () -> metric("inference_last_known_scores").equals("0.0"));
        Cluster.await("forgotten", () -> metric("feature_cache_size").equals("0.0"));
        cluster.features.close();
        requireForgotten(entity("churn", "c-1"));
    }

    @Test
    void hearsOfAnErasureThatItMissedWhenTheStoreIsBack() {
        score(entity("churn", "c-1"));
        score(entity("churn", "c-2"));
        cluster.features.close();
        assertThat(score(entity("churn", "c-1")).getScore())
                .as("not erased yet")
                .isPositive();
        cluster.features.erase("c-1", DIGEST); // by a store that this server cannot reach
        cluster.features.restart();
        Cluster.await("forgotten", () -> metric("feature_cache_size").equals("1.0"));
        assertThat(cluster.features.erasuresAskedCount()).isPositive();
    }
}
