package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.ServedModel;
import io.foresell.proto.inference.v1.Value;
import io.foresell.proto.inference.v1.VersionStatistics;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.registry.v1.HoldOut;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.SignatureBands;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subjects over the wire: who gets which version, in every form of request. */
final class StickyReleaseTest {
    private static final int BATCH = 4096;

    @TempDir
    Path folder;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(folder).with("admit.rows-per-second", "0");
        for (int version = 1; version <= 3; version++) {
            cluster.registry.publish("churn", version, TestPackages.logistic("churn", version - 1));
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void release(Release.Builder unit) {
        int revision = cluster.registry.release("churn", unit);
        if (cluster.isStarted()) {
            cluster.awaitRevision("churn", revision);
        }
    }

    private static Release.Builder split(int champion, int candidate) {
        return RegistryPeer.unit(1, champion, 2, candidate);
    }

    private static Release.Builder heldOut(int percent, Release.Builder unit) {
        return unit.setHoldOut(HoldOut.newBuilder().setPercent(percent).setVersion(1));
    }

    /** Scores subjects 0 to {@code count - 1} in packed rows; negative versions are of subjects held out. */
    private int[] versions(int count) {
        int[] versions = new int[count];
        for (int first = 0; first < count; first += BATCH) {
            PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(Math.min(BATCH, count - first));
            for (int i = 0; i < rows.getRowCount(); i++) {
                rows.addNumbers(1).addNumbers(20).addTexts("gold").addSubjects("customer-" + (first + i));
            }
            ScoreResponse answer =
                    cluster.score(ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows));
            for (int i = 0; i < rows.getRowCount(); i++) {
                ScoredRow row = answer.getRows(i);
                versions[first + i] = row.getIsHeldOut() ? -row.getModelVersion() : row.getModelVersion();
            }
        }
        return versions;
    }

    private static double percent(int[] versions, int version) {
        long count = 0;
        for (int each : versions) {
            count += each == version ? 1 : 0;
        }
        return 100.0 * count / versions.length;
    }

    @Test
    void raisingTheWeightOverAHundredThousandSubjectsMovesNobodyBackAndNobodyHeldOut() {
        release(heldOut(10, split(95, 5)));
        cluster.startServing();
        int[] before = versions(100_000);
        for (int weight : new int[] {5, 20, 50}) {
            release(heldOut(10, split(100 - weight, weight)));
            int[] after = versions(100_000);
            assertThat(percent(after, -1)).isCloseTo(10, within(0.5));
            assertThat(percent(after, 2)).isCloseTo(0.9 * weight, within(0.5));
            int moved = 0;
            for (int subject = 0; subject < after.length; subject++) {
                boolean isKept = after[subject] == before[subject] || (before[subject] == 1 && after[subject] == 2);
                moved += isKept ? 0 : 1;
            }
            assertThat(moved).as("subjects moved back at %d %%", weight).isZero();
            before = after;
        }
        release(heldOut(30, split(50, 50)));
        int[] wider = versions(100_000);
        for (int subject = 0; subject < wider.length; subject++) {
            assertThat(wider[subject] == -1 || wider[subject] == before[subject])
                    .isTrue();
        }
    }

    @Test
    void splitsAmongThreeVersionsWithinHalfAPointAndRaisingOneTakesNobodyFromIt() {
        cluster.registry.release("churn", 1, 70, 2, 25, 3, 5);
        cluster.startServing();
        int[] before = versions(100_000);
        assertThat(percent(before, 1)).isCloseTo(70, within(0.5));
        assertThat(percent(before, 2)).isCloseTo(25, within(0.5));
        assertThat(percent(before, 3)).isCloseTo(5, within(0.5));
        release(RegistryPeer.unit(1, 60, 2, 20, 3, 20));
        int[] after = versions(100_000);
        int taken = 0;
        for (int subject = 0; subject < after.length; subject++) {
            taken += before[subject] != 3 || after[subject] == 3 ? 0 : 1;
        }
        assertThat(taken).isZero();
    }

    @Test
    void everyFormOfRequestGivesASubjectTheSameVersion() {
        release(heldOut(20, split(50, 50)));
        cluster.startServing();
        int[] expected = versions(120);
        int heldOut = 0;
        for (int subject = 0; subject < expected.length; subject++) {
            String name = "customer-" + subject;
            cluster.features.put(name, new FeatureStorePeer.Online(1, 20, "gold", 1, List.of()));
            assertThat(named(name, "")).isEqualTo(expected[subject]);
            assertThat(named("", name)).isEqualTo(expected[subject]);
            assertThat(tensors(name)).isEqualTo(expected[subject]);
            assertThat(version(cluster.score(ScoreRequest.newBuilder()
                            .setModel("churn")
                            .setEntityKeys(EntityKeys.newBuilder().addKeys(name)))))
                    .isEqualTo(expected[subject]);
            heldOut += expected[subject] < 0 ? 1 : 0;
        }
        assertThat(heldOut).isBetween(10, 40);
    }

    private int named(String ofRow, String ofRequest) {
        return version(cluster.score(ScoreRequest.newBuilder()
                .setModel("churn")
                .setSubject(ofRequest)
                .setNamedRows(NamedRows.newBuilder()
                        .addRows(NamedRow.newBuilder()
                                .setSubject(ofRow)
                                .putValues(
                                        "tenure",
                                        Value.newBuilder().setNumber(1).build())))));
    }

    private static int version(ScoreResponse answer) {
        ScoredRow row = answer.getRows(0);
        return row.getIsHeldOut() ? -row.getModelVersion() : row.getModelVersion();
    }

    private int tensors(String subject) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("churn")
                .putParameters(
                        "subject",
                        InferParameter.newBuilder().setStringParam(subject).build())
                .putParameters(
                        "allow_missing",
                        InferParameter.newBuilder().setBoolParam(true).build());
        request.addInputsBuilder()
                .setName("tenure")
                .setDatatype("FP32")
                .addShape(1)
                .addShape(1)
                .setContents(InferTensorContents.newBuilder().addFp32Contents(1));
        ModelInferResponse answer = cluster.tensors().modelInfer(request.build());
        int version = Integer.parseInt(answer.getModelVersion());
        return answer.getParametersOrDefault("is_held_out", InferParameter.getDefaultInstance())
                        .getBoolParam()
                ? -version
                : version;
    }

    @Test
    void rowsWithoutASubjectAreSpreadByTheWeights() {
        release(split(50, 50));
        cluster.startServing();
        int candidate = 0;
        for (int call = 0; call < 400; call++) {
            candidate += named("", "") == 2 ? 1 : 0;
        }
        assertThat(candidate).isBetween(140, 260);
    }

    @Test
    void subjectsAreOneForEachRowOrNone() {
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        ScoreRequest.Builder request = Cluster.packed("churn", 1, 20, "gold");
        request.getPackedRowsBuilder().addSubjects("a").addSubjects("b");
        Failure failure = cluster.failureOf(request);
        assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.reason()).isEqualTo("SUBJECT_COUNT");
        assertThat(failure.message()).contains("2 (expected: none, or one for each of the 1 rows)");
    }

    @Test
    void bandsOfTheReleaseHoldInsteadOfThePackages() {
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        ScoreRequest.Builder request = Cluster.packed("churn", 1, 20, "basic");
        ScoredRow packaged = cluster.score(request).getRows(0);
        assertThat(packaged.getBand()).isEqualTo("medium"); // 0.69
        release(RegistryPeer.unit(1, 100)
                .setBands(SignatureBands.newBuilder().setMediumFrom(0.1).setHighFrom(0.5)));
        assertThat(cluster.score(request).getRows(0).getBand()).isEqualTo("high");
        assertThat(cluster.score(request.setVersion(1)).getRows(0).getBand()).isEqualTo("high");
    }

    @Test
    void aRestartFromDiskKeepsTheWholeUnit() {
        release(heldOut(20, split(50, 50))
                .setBands(SignatureBands.newBuilder().setMediumFrom(0.1).setHighFrom(0.2)));
        cluster.startServing();
        int[] before = versions(500);
        cluster.stopInference();
        cluster.registry.stop();
        cluster.startServing();
        assertThat(versions(500)).isEqualTo(before);
        assertThat(cluster.score(Cluster.packed("churn", 1, 20, "basic"))
                        .getRows(0)
                        .getBand())
                .isEqualTo("high");
    }

    @Test
    void countsWhatEachVersionDidUnderEachRevisionAndTellsWhatItServes() {
        release(heldOut(20, split(50, 50)));
        cluster.startServing();
        int[] versions = versions(2_000);
        cluster.failureOf(ScoreRequest.newBuilder()
                .setModel("churn")
                .setSubject("customer-0")
                .setNamedRows(NamedRows.newBuilder()
                        .addRows(NamedRow.newBuilder()
                                .putValues(
                                        "tenure",
                                        Value.newBuilder().setText("x").build()))));
        cluster.score(Cluster.packed("churn", 1, 20, "gold").setVersion(1)); // named: not counted
        Cluster.await(
                "all counted",
                () -> cluster.statistics("churn").getWindows(0).getVersionsList().stream()
                                .mapToLong(VersionStatistics::getRowCount)
                                .sum()
                        == versions.length);
        ServedModel model = cluster.statistics("churn");
        assertThat(model.getReleaseRevision()).isEqualTo(1);
        assertThat(model.getHoldOutPercent()).isEqualTo(20);
        assertThat(model.getVersionsList()).hasSize(2);
        assertThat(model.getVersions(1).getDigest())
                .isEqualTo(cluster.loaded("churn", 2).getDigest());
        VersionStatistics candidate = model.getWindows(0).getVersions(1);
        VersionStatistics champion = model.getWindows(0).getVersions(0);
        assertThat(100.0 * candidate.getRowCount() / versions.length).isEqualTo(percent(versions, 2));
        assertThat(champion.getRowCount() + candidate.getRowCount()).isEqualTo(2_000);
        assertThat(100.0 * champion.getHeldOutRowCount() / versions.length).isEqualTo(percent(versions, -1));
        assertThat(candidate.getScores().getCount()).isEqualTo(candidate.getRowCount());
        assertThat(candidate.getScores().getMean()).isCloseTo(TestPackages.expected(1, 1, 20, "gold"), within(1e-6));
        assertThat(candidate.getLatencySeconds().getCount()).isEqualTo(candidate.getCallCount());
        assertThat(candidate.getOutcomeCountsMap()).containsExactlyEntriesOf(Map.of("medium", candidate.getRowCount()));
        VersionStatistics failed = Math.abs(versions[0]) == 1 ? champion : candidate;
        assertThat(failed.getErrorCountsMap()).containsExactlyEntriesOf(Map.of("INVALID_ARGUMENT", 1L));

        release(split(10, 90));
        assertThat(cluster.statistics("churn").getWindows(0).getVersions(1).getRowCount())
                .isZero();
        ServedModel both = cluster.statistics(
                GetReleaseStatisticsRequest.newBuilder().setModel("churn").setFromRevision(1));
        assertThat(both.getWindowsList()).hasSize(2);
        assertThat(both.getWindows(0).hasEndedAtMillis()).isTrue();
        assertThat(both.getWindows(0).getVersions(1).getRowCount()).isEqualTo(candidate.getRowCount());
    }
}
