package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.inference.v1.DecisionDiff;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.SliceDiff;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions that score copies and never answer. */
final class ShadowTest {
    @TempDir
    Path folder;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.publish("churn", 2, TestPackages.logistic("churn", 1));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static Release.Builder shadowed(int percent) {
        return RegistryPeer.unit(1, 100)
                .addRoutes(Route.newBuilder().setVersion(2).setShadowPercent(percent))
                .setSliceColumn("plan");
    }

    private DecisionDiff awaitDiff(long rows) {
        Cluster.await(rows + " rows compared", () -> diffs().stream()
                .anyMatch(diff -> diff.getRowCount()
                                + diff.getDroppedRowCount()
                                + diff.getErrorCountsMap().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum()
                        == rows));
        return diffs().get(0);
    }

    private List<DecisionDiff> diffs() {
        return cluster.statistics(GetReleaseStatisticsRequest.newBuilder()
                        .setModel("churn")
                        .setHasPairs(true))
                .getWindows(0)
                .getDiffsList();
    }

    @Test
    void comparesEveryAnsweredRowAndTheAnswersAreTheChampions() {
        cluster.registry.release("churn", shadowed(100));
        cluster.startServing();
        SplittableRandom random = new SplittableRandom(5);
        double differences = 0;
        long flips = 0;
        for (int call = 0; call < 40; call++) {
            PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(5);
            for (int i = 0; i < 5; i++) {
                float tenure = random.nextInt(40);
                String plan = random.nextBoolean() ? "gold" : "basic";
                rows.addNumbers(tenure).addNumbers(10).addTexts(plan);
                double champion = TestPackages.expected(0, tenure, 10, plan);
                double shadow = TestPackages.expected(1, tenure, 10, plan);
                differences += shadow - champion;
                flips += band(champion).equals(band(shadow)) ? 0 : 1;
            }
            ScoreResponse answer =
                    cluster.score(ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows));
            assertThat(answer.getRowsList()).allMatch(row -> row.getModelVersion() == 1);
        }
        DecisionDiff diff = awaitDiff(200);
        assertThat(diff.getChampionVersion()).isEqualTo(1);
        assertThat(diff.getShadowVersion()).isEqualTo(2);
        assertThat(diff.getRowCount()).isEqualTo(200);
        SliceDiff all = diff.getSlices(0);
        assertThat(all.getDifferences().getMean()).isCloseTo(differences / 200, within(1e-5));
        assertThat(all.getFlipsList().stream()
                        .mapToLong(flip -> flip.getRowCount())
                        .sum())
                .isEqualTo(flips)
                .isPositive();
        // Another intercept changes no order but for scores that are the same float.
        assertThat(all.getRankCorrelation()).isCloseTo(1, within(1e-3));
        assertThat(all.getTopOverlapsList()).hasSize(4);
        assertThat(all.getPairs().getShadowScoresCount()).isEqualTo(200);
        assertThat(diff.getSlicesList().stream().map(SliceDiff::getSlice))
                .contains("plan=gold", "plan=basic", "band=low");
        assertThat(cluster.statistics("churn").getWindows(0).getVersions(1).getRowCount())
                .as("rows answered by the shadow")
                .isZero();
    }

    private static String band(double score) {
        return score < 0.3 ? "low" : score < 0.7 ? "medium" : "high";
    }

    @Test
    void copiesTensorsAndEntitiesToo() {
        cluster.registry.release("churn", shadowed(100));
        cluster.startServing();
        cluster.features.put("c1", new FeatureStorePeer.Online(3, 20, "gold", 1, List.of()));
        cluster.score(ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addKeys("c1")));
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("churn")
                .putParameters(
                        "allow_missing",
                        InferParameter.newBuilder().setBoolParam(true).build());
        request.addInputsBuilder()
                .setName("tenure")
                .setDatatype("FP32")
                .addShape(2)
                .addShape(1)
                .setContents(InferTensorContents.newBuilder().addFp32Contents(1).addFp32Contents(2));
        var unused = cluster.tensors().modelInfer(request.build());
        DecisionDiff diff = awaitDiff(3);
        assertThat(diff.getRowCount()).isEqualTo(3);
        assertThat(diff.getSlicesList().stream().map(SliceDiff::getSlice)).contains("plan=gold", "plan=");
    }

    @Test
    void copiesTheSameShareOfSubjectsAgainAndAgain() {
        cluster.registry.release("churn", shadowed(30));
        cluster.startServing();
        for (int round = 0; round < 2; round++) {
            PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(1_000);
            for (int i = 0; i < 1_000; i++) {
                rows.addNumbers(1).addNumbers(20).addTexts("gold").addSubjects("s" + i);
            }
            cluster.score(ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows));
        }
        Cluster.await(
                "both rounds compared",
                () -> !diffs().isEmpty()
                        && diffs().get(0).getRowCount() >= 500
                        && diffs().get(0).getRowCount() % 2 == 0);
        assertThat(diffs().get(0).getRowCount() / 2).isBetween(250L, 350L);
    }

    @Test
    void aShadowThatLacksInputsIsCountedAndDisturbsNobody() {
        cluster.registry.publish("churn", 3, TestPackages.sequence("churn"));
        cluster.registry.release(
                "churn",
                RegistryPeer.unit(1, 100)
                        .addRoutes(Route.newBuilder().setVersion(3).setShadowPercent(100)));
        cluster.startServing();
        assertThat(cluster.score(Cluster.packed("churn", 1, 20, "gold"))
                        .getRows(0)
                        .getModelVersion())
                .isEqualTo(1);
        assertThat(awaitDiff(1).getErrorCountsMap()).containsExactlyEntriesOf(java.util.Map.of("INPUT_MISSING", 1L));
    }

    @Test
    void whatDoesNotFitInTheQueueIsDroppedAndCounted() {
        cluster.registry.release("churn", shadowed(100));
        cluster.startServing();
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(4096);
        for (int i = 0; i < 4096; i++) {
            rows.addNumbers(1).addNumbers(20).addTexts("gold");
        }
        ScoreRequest.Builder request =
                ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows);
        int calls = 0;
        while (diffs().stream().noneMatch(diff -> diff.getDroppedRowCount() > 0)) {
            for (int i = 0; i < 40; i++) {
                assertThat(cluster.score(request).getRowsCount()).isEqualTo(4096);
            }
            calls += 40;
            assertThat(calls).as("calls without a drop").isLessThan(2_000);
        }
        long sent = 4096L * calls;
        assertThat(awaitDiff(sent).getRowCount()).isPositive();
    }
}
