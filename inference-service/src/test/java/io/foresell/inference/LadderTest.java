package io.foresell.inference;

import static io.foresell.inference.fixture.Cluster.await;
import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.inference.v1.Degradation;
import io.foresell.proto.inference.v1.DegradationCause;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.DegradedRows;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.VersionStatistics;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.registry.v1.Release;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What answers when the version chosen cannot: over real sockets, with a feature store that stalls and a version that is slow or fails. */
final class LadderTest {
    private static final int PLAIN = 1;
    private static final int SLOW = 2;
    private static final int OPERATORS = 400; // with 4096 rows more than a second by estimate on any machine
    private static final int MAX_ROWS = 4096;
    private static final long DEADLINE_MILLIS = 1000;

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder).with("lookup.cache-rows", "0").with("prediction-log.percent", "100");
        cluster.registry
                .publish("churn", PLAIN, TestPackages.logistic("churn", 0))
                .publish("churn", SLOW, TestPackages.slow("churn", 1, OPERATORS))
                .publish("churn", 3, TestPackages.sequence("churn"));
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.features.put("c2", new Online(24, 20, "gold", 0, List.of()));
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static Release.Builder lastKnown(Release.Builder unit, int maxAgeSeconds) {
        unit.getLadderBuilder().setLastKnownMaxAge(Durations.fromSeconds(maxAgeSeconds));
        return unit;
    }

    private static Release.Builder fallback(Release.Builder unit, int version) {
        unit.getLadderBuilder().setFallbackVersion(version);
        return unit;
    }

    private void serve(Release.Builder unit) {
        cluster.serve("churn", unit);
    }

    private static ScoreRequest.Builder entities(String... keys) {
        return ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addAllKeys(List.of(keys)));
    }

    private static ScoreRequest.Builder rows(int count, float spend) {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(count);
        for (int i = 0; i < count; i++) {
            rows.addNumbers(i % 50).addNumbers(spend).addTexts("gold");
        }
        return ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows);
    }

    private ScoreResponse once(ScoreRequest.Builder request, long deadlineMillis) {
        return cluster.stub()
                .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
                .score(request.build());
    }

    private ScoreResponse score(ScoreRequest.Builder request, long deadlineMillis) {
        return Cluster.patiently(() -> once(request, deadlineMillis));
    }

    private Failure failureOf(ScoreRequest.Builder request, long deadlineMillis) {
        return Cluster.failure(() -> once(request, deadlineMillis));
    }

    private void assertLate(ScoreRequest.Builder request) {
        assertThatThrownBy(() -> once(request, DEADLINE_MILLIS))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }

    private VersionStatistics statistics(int version) {
        return cluster.statistics("churn").getWindows(0).getVersionsList().stream()
                .filter(each -> each.getVersion() == version)
                .findFirst()
                .orElseThrow();
    }

    private static void assertSaid(ScoredRow row, DegradationRung rung, DegradationCause cause, int chosen) {
        Degradation said = row.getDegradation();
        assertThat(said.getRung()).isEqualTo(rung);
        assertThat(said.getCause()).isEqualTo(cause);
        assertThat(said.getChosenVersion()).isEqualTo(chosen);
        assertThat(said.hasAgeSeconds()).isEqualTo(rung == DegradationRung.DEGRADATION_RUNG_LAST_KNOWN);
    }

    @Test
    void givesTheLastScoreAgainBeforeTheDeadlineWhileTheStoreStalls() {
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 600));
        ScoredRow first = score(entities("c1").setReasonCount(2), 10_000).getRows(0);
        assertThat(first.hasDegradation()).isFalse();
        var gate = cluster.features.hold();

        ScoredRow again =
                score(entities("c1").setReasonCount(2), DEADLINE_MILLIS).getRows(0);

        assertSaid(
                again,
                DegradationRung.DEGRADATION_RUNG_LAST_KNOWN,
                DegradationCause.DEGRADATION_CAUSE_FEATURES_LATE,
                PLAIN);
        assertThat(again.getDegradation().getAgeSeconds()).isBetween(0.5, 60.0);
        assertThat(again.getReasonsList()).isEmpty();
        assertThat(again.toBuilder().clearDegradation().build())
                .isEqualTo(first.toBuilder().clearReasons().build());
        Failure unknown = failureOf(entities("c1", "c2"), DEADLINE_MILLIS);
        assertThat(unknown.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(unknown.reason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
        // Who names a version means that version.
        assertLate(entities("c1").setVersion(PLAIN));
        gate.countDown();
        assertThat(score(entities("c1"), 10_000).getRows(0).hasDegradation()).isFalse();
    }

    @Test
    void whatWasGivenAgainIsNoSuccessOfTheVersion() {
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 600));
        score(entities("c1"), 10_000);
        cluster.features.close();
        ScoredRow again = cluster.score(entities("c1")).getRows(0);
        assertSaid(
                again,
                DegradationRung.DEGRADATION_RUNG_LAST_KNOWN,
                DegradationCause.DEGRADATION_CAUSE_FEATURES_AWAY,
                PLAIN);
        assertThat(cluster.failureOf(entities("c2")).code()).isEqualTo(Status.Code.UNAVAILABLE);

        await("counted, after the answer", () -> statistics(PLAIN).getDegradedCallCount() == 1);
        VersionStatistics counts = statistics(PLAIN);
        assertThat(counts.getCallCount()).isEqualTo(1);
        assertThat(counts.getRowCount()).isEqualTo(1);
        assertThat(counts.getLatencySeconds().getCount()).isEqualTo(1);
        assertThat(counts.getErrorCountsMap()).containsOnlyKeys("UNAVAILABLE");
        assertThat(counts.getDegradedRowsList())
                .containsExactly(DegradedRows.newBuilder()
                        .setRung(DegradationRung.DEGRADATION_RUNG_LAST_KNOWN)
                        .setCause(DegradationCause.DEGRADATION_CAUSE_FEATURES_AWAY)
                        .setRowCount(1)
                        .build());
        assertThat(cluster.metrics())
                .containsPattern(
                        "inference_degraded_rows_total\\{cause=\"features_away\",model=\"churn\",rung=\"last_known\"[^}]*} 1\\.0")
                .containsPattern(
                        "inference_degraded_rows_total\\{cause=\"features_away\",model=\"churn\",rung=\"refusal\"[^}]*} 1\\.0");
    }

    @Test
    void forgetsWhomTheStoreDoesNotKnowAndWhatIsTooOld() throws Exception {
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 1));
        score(entities("c1", "c2"), 10_000);
        cluster.features.remove("c1");
        assertThat(cluster.failureOf(entities("c1")).code()).isEqualTo(Status.Code.NOT_FOUND);
        cluster.features.close();
        assertThat(cluster.failureOf(entities("c1")).code()).isEqualTo(Status.Code.UNAVAILABLE);
        await(
                "what is too old is out of memory",
                () -> cluster.metrics().contains("inference_last_known_scores 0.0")
                        || cluster.metrics().matches("(?s).*inference_last_known_scores\\{[^}]*} 0\\.0.*"));
        assertThat(cluster.failureOf(entities("c2")).code()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void givesNothingOfAVersionThatNoLongerAnswersAndNothingOnceUndeclared() {
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 600));
        score(entities("c1", "c2"), 10_000);
        serve(lastKnown(RegistryPeer.unit(PLAIN, 0, SLOW, 100), 600)); // rolled back, say
        var gate = cluster.features.hold();
        assertThat(failureOf(entities("c1"), DEADLINE_MILLIS).code()).isEqualTo(Status.Code.UNAVAILABLE);
        serve(lastKnown(RegistryPeer.unit(PLAIN, 50, SLOW, 50), 600));
        assertThat(score(entities("c1", "c2"), DEADLINE_MILLIS).getRowsList())
                .extracting(ScoredRow::getModelVersion)
                .containsOnly(PLAIN);
        serve(RegistryPeer.unit(PLAIN, 100));
        assertLate(entities("c1"));
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 600));
        assertThat(failureOf(entities("c1"), DEADLINE_MILLIS).code()).isEqualTo(Status.Code.UNAVAILABLE);
        gate.countDown();
    }

    @Test
    void theSmallerVersionAnswersWhenTheOneChosenIsTooSlowForTheDeadline() {
        serve(fallback(RegistryPeer.unit(PLAIN, 0, SLOW, 100), PLAIN)
                .setBands(io.foresell.proto.registry.v1.SignatureBands.newBuilder()
                        .setMediumFrom(0)
                        .setHighFrom(0)));
        assertThat(cluster.loaded("churn", PLAIN).getIsFallback()).isTrue();
        assertThat(cluster.loaded("churn", SLOW).getIsFallback()).isFalse();
        ScoredRow usual = score(rows(1, 20), 10_000).getRows(0);
        assertThat(usual.getModelVersion()).isEqualTo(SLOW);
        assertThat(usual.getBand()).isEqualTo("high");

        ScoreResponse hurried = score(rows(MAX_ROWS, 20), DEADLINE_MILLIS);

        ScoredRow row = hurried.getRows(7);
        assertSaid(row, DegradationRung.DEGRADATION_RUNG_FALLBACK, DegradationCause.DEGRADATION_CAUSE_DEADLINE, SLOW);
        assertThat(row.getModelVersion()).isEqualTo(PLAIN);
        assertThat(row.getScore()).isCloseTo(TestPackages.expected(0, 7, 20, "gold"), within(1e-5));
        assertThat(row.getBand()).as("by its own thresholds").isEqualTo(row.getScore() < 0.3 ? "low" : "medium");
        await("counted, after the answer", () -> statistics(SLOW).getDegradedCallCount() > 0);
        assertThat(statistics(SLOW).getCallCount()).isEqualTo(1);
        assertThat(statistics(PLAIN).getCallCount()).isZero();
        await("both are logged", () -> cluster.features.log.records().size() > MAX_ROWS);
        PredictionRecord record = cluster.features.log.record(row.getPredictionId());
        assertThat(record.getKind()).isEqualTo(PredictionKind.PREDICTION_KIND_DEGRADED);
        assertThat(record.getModelVersion()).isEqualTo(PLAIN);
        assertThat(record.getAnswer()).isEqualTo(row);
        assertThat(record.hasMediumFrom()).isFalse();
        assertThat(cluster.features.log.record(usual.getPredictionId()).getKind())
                .isEqualTo(PredictionKind.PREDICTION_KIND_ONLINE);
    }

    /** Returns rows of as many subjects, one each. */
    private static ScoreRequest.Builder subjects(int count) {
        ScoreRequest.Builder request = rows(count, 20);
        for (int i = 0; i < count; i++) {
            request.getPackedRowsBuilder().addSubjects("s" + i);
        }
        return request;
    }

    /** Asks behind more large batches than may wait, on the connection that they came by; again when one had left the queue by then. */
    private <T> T behindAFullQueue(Supplier<T> ask, Predicate<T> isQueueFull) {
        ScoreRequest large = rows(100, 20).setVersion(SLOW).build();
        for (int attempt = 1; ; attempt++) {
            List<ListenableFuture<ScoreResponse>> waiting = new ArrayList<>();
            for (int i = 0; i < 90; i++) { // two at work, 64 in the queue, the others refused
                waiting.add(
                        InferenceServiceGrpc.newFutureStub(cluster.channel()).score(large));
            }
            T answer = ask.get();
            waiting.forEach(each -> each.cancel(true));
            if (isQueueFull.test(answer) || attempt == 20) {
                return answer;
            }
        }
    }

    @Test
    void lowerRungsAnswerWhileTooManyLargeBatchesWait() {
        serve(lastKnown(fallback(RegistryPeer.unit(PLAIN, 0, SLOW, 100), PLAIN), 600));
        assertThat(score(subjects(300), 60_000).getRows(0).hasDegradation()).isFalse();

        // Few enough rows for the fallback to score them where they arrive.
        ScoreResponse small = behindAFullQueue(
                () -> score(rows(100, 20), 60_000),
                answer ->
                        answer.getRows(0).getDegradation().getCause() == DegradationCause.DEGRADATION_CAUSE_QUEUE_FULL);
        assertSaid(
                small.getRows(7),
                DegradationRung.DEGRADATION_RUNG_FALLBACK,
                DegradationCause.DEGRADATION_CAUSE_QUEUE_FULL,
                SLOW);
        assertThat(small.getRows(7).getModelVersion()).isEqualTo(PLAIN);
        assertThat(small.getRows(7).getScore()).isCloseTo(TestPackages.expected(0, 7, 20, "gold"), within(1e-5));

        // Too many: scores that the subjects got before.
        ScoreResponse large = behindAFullQueue(
                () -> score(subjects(300), 60_000),
                answer ->
                        answer.getRows(0).getDegradation().getCause() == DegradationCause.DEGRADATION_CAUSE_QUEUE_FULL);
        assertSaid(
                large.getRows(299),
                DegradationRung.DEGRADATION_RUNG_LAST_KNOWN,
                DegradationCause.DEGRADATION_CAUSE_QUEUE_FULL,
                SLOW);
        assertThat(large.getRows(299).getModelVersion()).isEqualTo(SLOW);

        // And none of those.
        Failure refused = behindAFullQueue(
                () -> {
                    try {
                        ScoreResponse unused = score(rows(300, 30), 60_000);
                        return Failure.unavailable("ANSWERED", unused.getModel(), Duration.ZERO);
                    } catch (StatusRuntimeException e) {
                        return FailureStatus.fromStatus(e);
                    }
                },
                failure -> !failure.reason().equals("ANSWERED"));
        assertThat(refused.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.reason()).isEqualTo("HEAVY_QUEUE_FULL");
        await(
                "counted",
                () -> cluster.metrics()
                        .contains(
                                "inference_degraded_rows_total{cause=\"queue_full\",model=\"churn\",rung=\"refusal\",service=\"inference\"} 300.0"));
    }

    @Test
    void refusesAtOnceWhatNoRungAnswersInTime() {
        serve(lastKnown(RegistryPeer.unit(SLOW, 100), 600));
        score(rows(1, 20), 10_000);
        Failure failure = failureOf(rows(MAX_ROWS, 20), DEADLINE_MILLIS);
        assertThat(failure.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(failure.reason()).isEqualTo("DEADLINE_TOO_SHORT");
        assertThat(statistics(SLOW).getErrorCountsMap()).containsEntry("DEADLINE_EXCEEDED", 1L);
    }

    @Test
    void aVersionThatFailsIsReplacedAndABadRequestIsNot() {
        serve(lastKnown(fallback(RegistryPeer.unit(PLAIN, 10, SLOW, 90), PLAIN), 600));
        ScoreRequest.Builder failing = ScoreRequest.newBuilder().setModel("churn");
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(40);
        for (int i = 0; i < 40; i++) {
            rows.addNumbers(3).addNumbers(150).addTexts("gold").addSubjects("s" + i);
        }
        ScoreResponse answer = score(failing.setPackedRows(rows), 10_000);
        int replaced = 0;
        for (ScoredRow row : answer.getRowsList()) {
            assertThat(row.getModelVersion()).isEqualTo(PLAIN);
            assertThat(row.getScore()).isCloseTo(TestPackages.expected(0, 3, 150, "gold"), within(1e-5));
            if (row.hasDegradation()) {
                replaced++;
                assertSaid(
                        row,
                        DegradationRung.DEGRADATION_RUNG_FALLBACK,
                        DegradationCause.DEGRADATION_CAUSE_SCORER_FAILED,
                        SLOW);
            }
        }
        assertThat(replaced).isBetween(25, 39);
        await("counted, after the answer", () -> statistics(SLOW).getDegradedCallCount() == 1);
        assertThat(statistics(SLOW).getDegradedRows(0).getRowCount()).isEqualTo(replaced);
        assertThat(statistics(SLOW).getRowCount()).isZero();
        assertThat(statistics(PLAIN).getRowCount()).isEqualTo(40 - replaced);

        assertThat(cluster.failureOf(packed("churn", 1, 1, "gold").setReasonLabel("nobody"))
                        .reason())
                .isEqualTo("LABEL_UNKNOWN");
        assertThat(cluster.failureOf(ScoreRequest.newBuilder()
                                .setModel("churn")
                                .setPackedRows(PackedRows.newBuilder().setRowCount(2)))
                        .code())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(cluster.failureOf(entities("")).reason()).isEqualTo("ENTITY_KEY_EMPTY");
        assertThat(cluster.failureOf(packed("churn", 1, 150, "gold").setVersion(SLOW))
                        .code())
                .isNotEqualTo(Status.Code.OK);
    }

    @Test
    void requestsOfAStreamAreAnsweredByLowerRungsToo() throws Exception {
        serve(lastKnown(RegistryPeer.unit(PLAIN, 100), 600));
        score(entities("c1"), 10_000);
        cluster.features.close();
        StreamCaller<ScoreStreamRequest, ScoreStreamResponse> stream =
                StreamCaller.open(InferenceServiceGrpc.newStub(cluster.channel())::scoreStream);
        stream.send(ScoreStreamRequest.newBuilder()
                .setId("one")
                .setRequest(entities("c1"))
                .build());
        ScoreStreamResponse answer = stream.answer();
        assertSaid(
                answer.getResponse().getRows(0),
                DegradationRung.DEGRADATION_RUNG_LAST_KNOWN,
                DegradationCause.DEGRADATION_CAUSE_FEATURES_AWAY,
                PLAIN);
        stream.complete();
    }

    @Test
    void refusesAFallbackThatAnswersSomethingElse() {
        serve(RegistryPeer.unit(PLAIN, 100));
        cluster.registry.release("churn", fallback(RegistryPeer.unit(PLAIN, 100, 3, 0), 3));
        await("refused", () -> cluster.loaded("churn", 3).getState() == LoadState.LOAD_STATE_FAILED);
        assertThat(cluster.loaded("churn", 3).getFailure()).contains("FALLBACK_INCOMPATIBLE", "input 'weekly'");
        assertThat(cluster.loaded("churn", PLAIN).getReleaseRevision()).isEqualTo(1);
    }

    @Test
    void theLadderSurvivesARestartWithoutTheRegistry() {
        serve(lastKnown(fallback(RegistryPeer.unit(PLAIN, 0, SLOW, 100), PLAIN), 600));
        cluster.stopInference();
        cluster.registry.stop();
        cluster.startServing();
        assertThat(cluster.loaded("churn", PLAIN).getIsFallback()).isTrue();
        score(entities("c1"), 10_000);
        cluster.features.close();
        assertThat(cluster.score(entities("c1")).getRows(0).getModelVersion()).isEqualTo(SLOW);
    }
}
