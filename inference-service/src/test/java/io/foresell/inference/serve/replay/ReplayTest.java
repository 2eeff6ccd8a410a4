package io.foresell.inference.serve.replay;

import static io.foresell.inference.fixture.Cluster.await;
import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.foresell.proto.prediction.v1.ReplayPredictionResponse;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictions scored again, after the champion changed and on another server. */
final class ReplayTest {
    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void start() {
        cluster = new Cluster(folder).with("prediction-log.percent", "100");
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    /** Scores and waits for the record. */
    private ScoredRow logged(ScoreRequest.Builder request) {
        ScoredRow row = cluster.score(request).getRows(0);
        await("record", () -> cluster.features.log.record(row.getPredictionId()) != null);
        return row;
    }

    private ReplayPredictionResponse replay(ReplayPredictionRequest.Builder request) {
        return ReplayServiceGrpc.newBlockingStub(cluster.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .replayPrediction(request.build());
    }

    private static ReplayPredictionRequest.Builder of(ScoredRow row) {
        return ReplayPredictionRequest.newBuilder().setPredictionId(row.getPredictionId());
    }

    private void assertFails(ReplayPredictionRequest.Builder request, Status.Code code, String reason) {
        StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, () -> replay(request));
        assertThat(error.getStatus().getCode()).isEqualTo(code);
        assertThat(FailureStatus.fromStatus(error).reason()).isEqualTo(reason);
    }

    @Test
    void givesTheSameBitsWhileTheVersionServes() {
        ScoredRow row = logged(packed("churn", 12, Float.NaN, "gold").setReasonCount(3));

        ReplayPredictionResponse replayed = replay(of(row));

        assertThat(replayed.getIsAnswerSame()).isTrue();
        assertThat(replayed.getAreReasonsSame()).isTrue();
        assertThat(replayed.getDifferencesList()).isEmpty();
        assertThat(replayed.getReplayed().getScore()).isEqualTo(row.getScore());
        assertThat(replayed.getReplayed().getReasonsList()).isEqualTo(row.getReasonsList());
        assertThat(replayed.getPackageSource()).isEqualTo("memory");
    }

    @Test
    void givesTheSameBitsWhenTheVersionServesNoMore() throws Exception {
        ScoredRow row =
                logged(packed("churn", 12, 70, "basic").setReasonCount(3).setLanguage("zh"));
        int revision = cluster.registry.release("churn", 2, 100);
        cluster.awaitRevision("churn", revision);
        assertThat(cluster.score(packed("churn", 12, 70, "basic")).getRows(0).getScore())
                .isNotEqualTo(row.getScore());

        ReplayPredictionResponse fromDisk = replay(of(row));
        ReplayPredictionResponse again = replay(of(row));

        assertThat(fromDisk.getIsAnswerSame()).isTrue();
        assertThat(fromDisk.getAreReasonsSame()).isTrue();
        assertThat(fromDisk.getPackageSource()).isEqualTo("disk");
        assertThat(again.getPackageSource()).as("loaded once").isEqualTo("memory");
        assertThat(cluster.list().getModelsList())
                .as("it does not serve for that")
                .noneMatch(loaded -> loaded.getVersion() == 1 && loaded.getWeight() > 0);
    }

    @Test
    void fetchesThePackageFromTheRegistryOnAServerThatNeverHadIt() throws Exception {
        ScoredRow row = logged(packed("churn", 12, 70, "basic").setReasonCount(1));
        int revision = cluster.registry.release("churn", 2, 100);
        cluster.awaitRevision("churn", revision);
        cluster.stopInference();
        cluster.with("cache.folder", folder.resolve("fresh").toString()).startServing();

        ReplayPredictionResponse replayed = replay(of(row));

        assertThat(replayed.getIsAnswerSame()).isTrue();
        assertThat(replayed.getAreReasonsSame()).isTrue();
        assertThat(replayed.getPackageSource()).isEqualTo("registry");
    }

    @Test
    void refusesAnotherPackageThanThatOfThePrediction() {
        ScoredRow row = logged(packed("churn", 12, 70, "basic"));
        PredictionRecord record = cluster.features.log.record(row.getPredictionId());
        cluster.features.log.put(record.toBuilder().setDigest("ab".repeat(32)).build());

        assertFails(of(row), Status.Code.DATA_LOSS, "PACKAGE_CHANGED");
    }

    @Test
    void saysWhatDiffers() {
        ScoredRow row = logged(packed("churn", 12, 70, "basic").setReasonCount(1));
        PredictionRecord.Builder record = cluster.features.log.record(row.getPredictionId()).toBuilder();
        record.getAnswerBuilder().setScore(Math.nextUp(row.getScore()));
        record.getAnswerBuilder().getReasonsBuilder(0).setSentence("because");
        cluster.features.log.put(record.build());

        ReplayPredictionResponse replayed = replay(of(row));

        assertThat(replayed.getIsAnswerSame()).isFalse();
        assertThat(replayed.getAreReasonsSame()).isFalse();
        assertThat(replayed.getDifferencesList()).hasSize(2);
        assertThat(replayed.getDifferences(0)).startsWith("score: ");
        assertThat(replayed.getDifferences(1)).startsWith("reasons[0].sentence: because then, ");
    }

    @Test
    void givesOtherReasonsWhenAskedForThem() {
        ScoredRow row = logged(packed("churn", 12, 70, "basic"));

        ReplayPredictionResponse replayed = replay(of(row).setReasonCount(2));

        assertThat(replayed.getIsAnswerSame()).isTrue();
        assertThat(replayed.hasAreReasonsSame()).as("none were recorded").isFalse();
        assertThat(replayed.getReplayed().getReasonsCount()).isEqualTo(2);
    }

    @Test
    void saysWhyThereIsNoReplay() {
        ScoredRow row = logged(packed("churn", 12, 70, "basic"));
        PredictionRecord record = cluster.features.log.record(row.getPredictionId());
        cluster.features.log.put(record.toBuilder().clearFeatures().build());

        assertFails(of(row), Status.Code.FAILED_PRECONDITION, "FEATURES_NOT_RECORDED");
        assertFails(
                ReplayPredictionRequest.newBuilder().setPredictionId("0".repeat(26)),
                Status.Code.NOT_FOUND,
                "PREDICTION_NOT_FOUND");
        assertFails(of(row).setReasonCount(21), Status.Code.INVALID_ARGUMENT, "REASON_COUNT_OUT_OF_RANGE");
        assertFails(of(row).setLanguage("de"), Status.Code.INVALID_ARGUMENT, "LANGUAGE_UNKNOWN");
        record = record.toBuilder()
                .setFeatures(record.getFeatures().toBuilder().addTexts("more"))
                .build();
        cluster.features.log.put(record);
        assertFails(of(row), Status.Code.DATA_LOSS, "RECORD_CORRUPTED");
    }
}
