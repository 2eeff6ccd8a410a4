package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Cluster.await;
import static io.foresell.inference.fixture.Tensors.floats;
import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.text;
import static io.foresell.inference.fixture.Tensors.texts;
import static io.foresell.inference.fixture.Tensors.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.util.Durations;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.DegradationCause;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.DegradedRows;
import io.foresell.proto.inference.v1.VersionStatistics;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.registry.v1.Release;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of the Open Inference Protocol step down to the fallback of their release, and are told so. */
final class TensorLadderTest {
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
        cluster = new Cluster(folder).with("prediction-log.percent", "100");
        cluster.registry
                .publish("churn", PLAIN, TestPackages.logistic("churn", 0))
                .publish("churn", SLOW, TestPackages.slow("churn", 1, OPERATORS));
        serve(fallback(RegistryPeer.unit(PLAIN, 0, SLOW, 100)));
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static Release.Builder fallback(Release.Builder unit) {
        unit.getLadderBuilder().setFallbackVersion(PLAIN);
        return unit;
    }

    private void serve(Release.Builder unit) {
        cluster.serve("churn", unit);
    }

    private static ModelInferRequest.Builder rows(int count, float spend) {
        float[] tenures = new float[count];
        for (int i = 0; i < count; i++) {
            tenures[i] = i % 50;
        }
        float[] spends = new float[count];
        Arrays.fill(spends, spend);
        String[] plans = new String[count];
        Arrays.fill(plans, "gold");
        return request("churn", numbers("tenure", tenures), numbers("spend", spends), texts("plan", plans));
    }

    private ModelInferResponse infer(ModelInferRequest.Builder request, long deadlineMillis) {
        return Cluster.patiently(() -> once(request, deadlineMillis));
    }

    private ModelInferResponse once(ModelInferRequest.Builder request, long deadlineMillis) {
        return cluster.tensors()
                .withDeadlineAfter(deadlineMillis, TimeUnit.MILLISECONDS)
                .modelInfer(request.build());
    }

    private Failure failureOf(ModelInferRequest.Builder request, long deadlineMillis) {
        return Cluster.failure(() -> once(request, deadlineMillis));
    }

    private VersionStatistics statistics(int version) {
        return cluster.statistics("churn").getWindows(0).getVersionsList().stream()
                .filter(each -> each.getVersion() == version)
                .findFirst()
                .orElseThrow();
    }

    private static void assertSaid(ModelInferResponse response, String cause) {
        assertThat(response.getModelVersion()).isEqualTo(Integer.toString(PLAIN));
        assertThat(response.getParametersMap())
                .containsEntry("degradation", text("fallback"))
                .containsEntry("degradation_cause", text(cause))
                .containsEntry("chosen_version", whole(SLOW));
    }

    private static void assertChosen(ModelInferResponse response) {
        assertThat(response.getModelVersion()).isEqualTo(Integer.toString(SLOW));
        assertThat(response.getParametersMap())
                .doesNotContainKeys("degradation", "degradation_cause", "chosen_version");
    }

    @Test
    void theFallbackAnswersWhenTheVersionChosenIsTooSlowForTheDeadline() {
        assertChosen(infer(rows(1, 20), 10_000));
        assertChosen(infer(rows(1, 20).setModelVersion(Integer.toString(SLOW)), 10_000));

        ModelInferResponse hurried = infer(rows(MAX_ROWS, 20), DEADLINE_MILLIS);

        assertSaid(hurried, "deadline");
        assertThat(floats(hurried, "score").get(7))
                .isCloseTo((float) TestPackages.expected(0, 7, 20, "gold"), within(1e-5f));
        await("counted, after the answer", () -> statistics(SLOW).getDegradedCallCount() == 1);
        assertThat(statistics(SLOW).getCallCount()).isEqualTo(1);
        assertThat(statistics(SLOW).getRowCount()).isEqualTo(1);
        assertThat(statistics(SLOW).getDegradedRowsList())
                .containsExactly(DegradedRows.newBuilder()
                        .setRung(DegradationRung.DEGRADATION_RUNG_FALLBACK)
                        .setCause(DegradationCause.DEGRADATION_CAUSE_DEADLINE)
                        .setRowCount(MAX_ROWS)
                        .build());
        assertThat(statistics(PLAIN).getCallCount()).isZero();
        assertThat(cluster.metrics())
                .containsPattern(
                        "inference_degraded_rows_total\\{cause=\"deadline\",model=\"churn\",rung=\"fallback\"[^}]*} 4096\\.0");
    }

    @Test
    void isLoggedAsWhatItIs() {
        serve(fallback(RegistryPeer.unit(PLAIN, 0, SLOW, 100))
                .setBands(io.foresell.proto.registry.v1.SignatureBands.newBuilder()
                        .setMediumFrom(0)
                        .setHighFrom(0)));
        ModelInferResponse usual = infer(rows(1, 20), 10_000);
        assertThat(texts(usual, "band")).containsExactly("high");

        ModelInferResponse failing = infer(rows(2, 150), 10_000);

        assertSaid(failing, "scorer_failed");
        float score = floats(failing, "score").get(1);
        assertThat(score).isCloseTo((float) TestPackages.expected(0, 1, 150, "gold"), within(1e-5f));
        String band = score < 0.3 ? "low" : score < 0.7 ? "medium" : "high";
        assertThat(texts(failing, "band").get(1)).as("by its own thresholds").isEqualTo(band);
        String id =
                failing.getParametersOrThrow("prediction_ids").getStringParam().split(",", -1)[1];
        await("logged", () -> cluster.features.log.records().size() == 3);
        PredictionRecord record = cluster.features.log.record(id);
        assertThat(record.getKind()).isEqualTo(PredictionKind.PREDICTION_KIND_DEGRADED);
        assertThat(record.getModelVersion()).isEqualTo(PLAIN);
        assertThat(record.getAnswer().getScore()).isEqualTo(score);
        assertThat(record.hasMediumFrom()).isFalse();
        // Who names a version means that version.
        assertThat(failureOf(rows(1, 150).setModelVersion(Integer.toString(SLOW)), 10_000)
                        .code())
                .isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void theFallbackAnswersWhileTooManyLargeBatchesWait() {
        ModelInferRequest large =
                rows(100, 20).setModelVersion(Integer.toString(SLOW)).build();
        ModelInferResponse answer = null;
        for (int attempt = 0;
                attempt < 20 && (answer == null || answer.getModelVersion().equals("2"));
                attempt++) {
            List<ListenableFuture<ModelInferResponse>> waiting = new ArrayList<>();
            for (int i = 0; i < 90; i++) { // two at work, 64 in the queue, the others refused
                waiting.add(GRPCInferenceServiceGrpc.newFutureStub(cluster.channel())
                        .modelInfer(large));
            }
            answer = infer(rows(100, 20), 60_000);
            waiting.forEach(each -> each.cancel(true));
        }
        assertSaid(answer, "queue_full");
        assertThat(floats(answer, "score").get(7))
                .isCloseTo((float) TestPackages.expected(0, 7, 20, "gold"), within(1e-5f));
    }

    @Test
    void refusesAtOnceWhatNoRungAnswersInTime() {
        Release.Builder unit = RegistryPeer.unit(SLOW, 100);
        unit.getLadderBuilder().setLastKnownMaxAge(Durations.fromSeconds(600));
        serve(unit);
        Failure refused = failureOf(rows(MAX_ROWS, 20).putParameters("subject", text("s1")), DEADLINE_MILLIS);
        assertThat(refused.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(refused.reason()).isEqualTo("DEADLINE_TOO_SHORT");
        assertThat(statistics(SLOW).getErrorCountsMap()).containsEntry("DEADLINE_EXCEEDED", 1L);
    }

    @Test
    void whatIsWrongWithARequestIsAnErrorOnEveryRung() {
        ModelInferRequest.Builder wrongOutput = rows(MAX_ROWS, 20);
        wrongOutput.addOutputsBuilder().setName("nothing");
        assertThat(failureOf(wrongOutput, DEADLINE_MILLIS).reason()).isEqualTo("OUTPUT_UNKNOWN");
        assertThat(failureOf(request("churn", numbers("tenure", 1), numbers("spend", 150)), 10_000)
                        .reason())
                .isEqualTo("INPUT_MISSING");
    }

    /** The version chosen says of each row whether it refuses; the fallback has no such output. */
    @Test
    void aFallbackWithoutAnOutputThatIsWantedAnswersNothing() {
        cluster.registry.publish("churn", 3, TestPackages.slowAndUnsure("churn", 1, OPERATORS, 0.6));
        serve(fallback(RegistryPeer.unit(PLAIN, 0, 3, 100)));
        Failure refused = failureOf(rows(MAX_ROWS, 20), DEADLINE_MILLIS);
        assertThat(refused.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(refused.reason()).isEqualTo("DEADLINE_TOO_SHORT");
        assertThat(failureOf(rows(1, 150), 10_000).code()).isEqualTo(Status.Code.INTERNAL);
        assertThat(cluster.metrics())
                .containsPattern(
                        "inference_degraded_rows_total\\{cause=\"scorer_failed\",model=\"churn\",rung=\"refusal\"[^}]*} 1\\.0");

        ModelInferRequest.Builder onlyScore = rows(MAX_ROWS, 20);
        onlyScore.addOutputsBuilder().setName("score");
        ModelInferResponse answer = infer(onlyScore, DEADLINE_MILLIS);
        assertThat(answer.getModelVersion()).isEqualTo(Integer.toString(PLAIN));
        assertThat(answer.getParametersMap()).containsEntry("chosen_version", whole(3));
        assertThat(answer.getOutputsList()).hasSize(1);
    }

    /** All numbers as one tensor, in the order of the version chosen; the answer raw, as the request was. */
    @Test
    void requestsOfAStreamStepDownToo() throws Exception {
        StreamCaller<ModelInferRequest, ModelStreamInferResponse> stream =
                StreamCaller.open(cluster.tensorStreams()::modelStreamInfer);
        stream.send(request("churn", input("input", "FP32", 1, 2), input("plan", "BYTES", 1, 1))
                .addRawInputContents(raw(3f, 150f))
                .addRawInputContents(raw("gold"))
                .setId("one")
                .build());
        ModelInferResponse answer = stream.answer().getInferResponse();
        assertSaid(answer, "scorer_failed");
        assertThat(answer.getId()).isEqualTo("one");
        assertThat(answer.getRawOutputContentsCount()).isPositive();
        assertThat(floats(answer, "score").get(0))
                .isCloseTo((float) TestPackages.expected(0, 3, 150, "gold"), within(1e-5f));
        stream.complete();
    }
}
