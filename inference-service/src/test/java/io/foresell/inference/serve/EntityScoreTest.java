package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entities: features by id from a feature store over a real socket, and without it. */
final class EntityScoreTest {
    private static final long HOUR_MILLIS = TimeUnit.HOURS.toMillis(1);

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1));
        cluster.registry.release("churn", 1, 100);
        long eventMillis = System.currentTimeMillis() - HOUR_MILLIS;
        cluster.features.put("c1", new Online(12, 70, "basic", eventMillis, List.of("spend")));
        cluster.features.put("c2", new Online(Double.NaN, 20, "", 0, List.of()));
        cluster.startServing();
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static ScoreRequest.Builder entities(String... keys) {
        return ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addAllKeys(List.of(keys)));
    }

    /** Two answers are never the same answer; what they say may be. */
    private static ScoredRow nameless(ScoredRow row) {
        assertThat(row.getPredictionId()).hasSize(26);
        return row.toBuilder().clearPredictionId().build();
    }

    @Test
    void mapsColumnsByNameAndTellsAgeMissingAndStale() {
        ScoreResponse answer = cluster.score(entities("c2", "c1", "c2"));
        assertThat(answer.getRowsList()).extracting("entityKey").containsExactly("c2", "c1", "c2");
        ScoredRow known = answer.getRows(1);
        assertThat(known.getScore()).isCloseTo(TestPackages.expected(0, 12, 70, "basic"), within(1e-5));
        assertThat(known.getFeatureAgeSeconds()).isBetween(3600.0, 3660.0);
        assertThat(known.getStaleFeaturesList()).containsExactly("spend");
        assertThat(known.getMissingFeaturesList()).isEmpty();
        ScoredRow empty = answer.getRows(0);
        assertThat(empty.getScore()).isCloseTo(TestPackages.expected(0, Float.NaN, 20, ""), within(1e-5));
        assertThat(empty.hasFeatureAgeSeconds()).isFalse();
        assertThat(empty.getMissingFeaturesList()).containsExactly("tenure", "plan");
        assertThat(empty.getStaleFeaturesList()).isEmpty();
        assertThat(nameless(answer.getRows(2))).isEqualTo(nameless(empty));
    }

    /** Features arrive after the call's first callback, and then the work goes to the lane for heavy requests. */
    @Test
    void scoresManyEntitiesOnTheHeavyLane() {
        String[] keys = new String[400];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "many" + i;
            cluster.features.put(keys[i], new Online(i, 70, "gold", 0, List.of()));
        }
        ScoreResponse answer = cluster.score(entities(keys));
        assertThat(answer.getRowsList()).extracting(ScoredRow::getEntityKey).containsExactly(keys);
    }

    @Test
    void namesUnknownEntities() {
        Failure failure = cluster.failureOf(entities("c1", "ghost"));
        assertThat(failure.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure.reason()).isEqualTo("ENTITY_NOT_FOUND");
        assertThat(failure.message()).contains("'ghost'").doesNotContain("c1");
    }

    @Test
    void splitsEntitiesByTheReleaseAndStaysSticky() {
        int revision = cluster.registry.release("churn", 1, 50, 2, 50);
        cluster.awaitRevision("churn", revision);
        String[] keys = new String[40];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "e" + i;
            cluster.features.put(keys[i], new Online(i, 70, "gold", 0, List.of()));
        }
        ScoreResponse answer = cluster.score(entities(keys));
        assertThat(answer.getRowsList().stream().map(ScoredRow::getModelVersion).distinct())
                .containsExactlyInAnyOrder(1, 2);
        for (int i = 0; i < keys.length; i++) {
            ScoredRow row = answer.getRows(i);
            assertThat(row.getEntityKey()).isEqualTo(keys[i]);
            assertThat(row.getScore())
                    .isCloseTo(TestPackages.expected(row.getModelVersion() - 1, i, 70, "gold"), within(1e-5));
            assertThat(nameless(cluster.score(entities(keys[i])).getRows(0))).isEqualTo(nameless(row));
        }
    }

    @Test
    void answersWithTheLastRowAndItsGrowingAgeWhileTheStoreIsAway() throws Exception {
        ScoredRow before = cluster.score(entities("c1")).getRows(0);
        cluster.features.close();
        Thread.sleep(20);
        ScoredRow after = cluster.score(entities("c1")).getRows(0);
        assertThat(after.getScore()).isEqualTo(before.getScore());
        assertThat(after.getFeatureAgeSeconds()).isGreaterThan(before.getFeatureAgeSeconds());
        Failure failure = cluster.failureOf(entities("c1", "c2"));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
        assertThat(failure.message()).contains("'c2'");
        assertThat(failure.retryAfter()).isNotNull();
        assertThat(cluster.metrics()).containsPattern("feature_lookup_cached_rows_total\\{[^}]*} 1\\.0");
    }

    @Test
    void forgetsAnErasedEntity() {
        cluster.score(entities("c1"));
        cluster.features.remove("c1");
        assertThat(cluster.failureOf(entities("c1")).code()).isEqualTo(Status.Code.NOT_FOUND);
        cluster.features.close();
        assertThat(cluster.failureOf(entities("c1")).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void refusesWhenTheFeatureSetIsNotTheOneOfTheModel() {
        cluster.score(entities("c1"));
        cluster.features.setHash("hash-2");
        Failure failure = cluster.failureOf(entities("c1"));
        assertThat(failure.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).isEqualTo("FEATURE_SET_CHANGED");
    }

    @Test
    void doesNotHoldUpRowsOfTheSameConnectionWhileTheStoreIsSlow() throws Exception {
        CountDownLatch gate = cluster.features.hold();
        CompletableFuture<ScoreResponse> slow = CompletableFuture.supplyAsync(() -> cluster.score(entities("c1")));
        cluster.features.awaitRequest();
        long startNanos = System.nanoTime();
        cluster.score(Cluster.packed("churn", 1, 1, ""));
        assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(1));
        assertThat(slow).isNotDone();
        gate.countDown();
        assertThat(slow.get(5, TimeUnit.SECONDS).getRowsCount()).isEqualTo(1);
    }

    @Test
    void keepsTheCallersDeadline() throws Exception {
        CountDownLatch gate = cluster.features.hold();
        long startNanos = System.nanoTime();
        try {
            ScoreResponse answer = cluster.stub()
                    .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                    .score(entities("c1").build());
            throw new AssertionError("answered " + answer);
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(2));
        gate.countDown();
    }

    @Test
    void answersCallsInFlightBeforeItStops() throws Exception {
        CountDownLatch gate = cluster.features.hold();
        CompletableFuture<ScoreResponse> inFlight = CompletableFuture.supplyAsync(() -> cluster.score(entities("c1")));
        cluster.features.awaitRequest();
        CompletableFuture<Void> closing =
                CompletableFuture.runAsync(() -> cluster.server().close());
        await("draining", () -> !cluster.server().isServing());
        Thread.sleep(50);
        gate.countDown();
        assertThat(inFlight.get(5, TimeUnit.SECONDS).getRows(0).getScore())
                .isCloseTo(TestPackages.expected(0, 12, 70, "basic"), within(1e-5));
        closing.get(10, TimeUnit.SECONDS);
        assertThat(cluster.failureOf(entities("c1")).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }
}
