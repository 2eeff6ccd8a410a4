package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelStatisticsRequest;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.openinference.ServerReadyRequest;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors take the same places and quotas as rows; questions about models are answered whatever is full. */
final class OpenInferenceAdmissionTest {
    private static final int LIMIT = 2;

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static ModelInferRequest churn(String id, int rowCount) {
        String[] plans = new String[rowCount];
        Arrays.fill(plans, "gold");
        return request(
                        "churn",
                        numbers("tenure", new float[rowCount]),
                        numbers("spend", new float[rowCount]),
                        texts("plan", plans))
                .setId(id)
                .build();
    }

    private GRPCInferenceServiceBlockingStub tensors() {
        return cluster.tensors().withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private GRPCInferenceServiceStub streams() {
        return cluster.tensorStreams().withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private StreamCaller<ModelInferRequest, ModelStreamInferResponse> open() {
        return StreamCaller.open(streams()::modelStreamInfer);
    }

    private static Failure failure(GRPCInferenceServiceBlockingStub stub, ModelInferRequest request) {
        return FailureStatus.fromStatus(
                catchThrowableOfType(StatusRuntimeException.class, () -> stub.modelInfer(request)));
    }

    /** Takes every place until the latch is counted down. */
    private CountDownLatch fill() {
        CountDownLatch gate = cluster.features.hold();
        ScoreRequest entity = ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
                .build();
        for (int i = 0; i < LIMIT; i++) {
            var unused = InferenceServiceGrpc.newFutureStub(cluster.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .score(entity);
        }
        Cluster.await("full", () -> inFlight() == LIMIT);
        return gate;
    }

    private double inFlight() {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith("grpc_server_calls_in_flight"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private void startWithLimit() {
        cluster.with("admit.min-calls", "" + LIMIT)
                .with("grpc.max-concurrent-calls", "" + LIMIT)
                .startServing();
    }

    @Test
    void inferenceAboveTheLimitIsRefusedAndQuestionsAreAnswered() {
        startWithLimit();
        CountDownLatch gate = fill();
        Failure failure = failure(tensors(), churn("", 1));
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("TOO_MANY_CALLS");
        assertThat(failure.retryAfter()).isNotNull();
        assertThat(tensors()
                        .serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        assertThat(tensors()
                        .modelReady(
                                ModelReadyRequest.newBuilder().setName("churn").build())
                        .getReady())
                .isTrue();
        assertThat(tensors()
                        .modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("churn")
                                .build())
                        .getInputsCount())
                .isEqualTo(3);
        assertThat(tensors()
                        .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                        .getModelStatsCount())
                .isPositive();
        assertThat(tensors()
                        .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModelsCount())
                .isPositive();
        assertThat(tensors()
                        .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                                .setModelName("churn")
                                .build())
                        .getIsUnloaded())
                .isTrue();
        assertThat(tensors()
                        .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                                .setModelName("churn")
                                .build())
                        .getIsLoaded())
                .isTrue();
        gate.countDown();
        Cluster.await("places given back", () -> inFlight() == 0);
        assertThat(tensors().modelInfer(churn("", 1)).getOutputsCount()).isPositive();
        Cluster.await("place given back", () -> inFlight() == 0);
    }

    @Test
    void eachRequestOfAStreamIsAdmittedByItself() throws Exception {
        startWithLimit();
        var stream = open();
        assertThat(stream.send(churn("a", 1)).answer().getErrorMessage()).isEmpty();
        CountDownLatch gate = fill();
        ModelStreamInferResponse refused = stream.send(churn("b", 1)).answer();
        assertThat(refused.getErrorMessage()).isEqualTo("calls in flight: 2 (expected: below 2)");
        ModelInferResponse response = refused.getInferResponse();
        assertThat(response.getId()).isEqualTo("b");
        assertThat(response.getParametersOrThrow("error_reason").getStringParam())
                .isEqualTo("TOO_MANY_CALLS");
        assertThat(response.getParametersOrThrow("retry_after_millis").getInt64Param())
                .isBetween(50L, 250L);
        gate.countDown();
        Cluster.await("places given back", () -> inFlight() == 0);
        // Light, heavy, wrong: each gives its place back.
        for (int i = 0; i < 3 * LIMIT; i++) {
            assertThat(stream.send(churn("light", 1)).answer().getErrorMessage())
                    .isEmpty();
            assertThat(stream.send(churn("heavy", 600)).answer().getErrorMessage())
                    .isEmpty();
            assertThat(stream.send(request("nope", numbers("x", 1)).build())
                            .answer()
                            .getInferResponse()
                            .getParametersOrThrow("error_reason")
                            .getStringParam())
                    .isEqualTo("MODEL_NOT_FOUND");
        }
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
        assertThat(inFlight()).isZero();
    }

    private static ClientInterceptor as(String caller) {
        Metadata headers = new Metadata();
        headers.put(Caller.HEADER, caller);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    @Test
    void rowsAreChargedToTheCaller() throws Exception {
        cluster.with("admit.quotas", "crm:1:100,shop:1:100").startServing();
        GRPCInferenceServiceBlockingStub crm = tensors().withInterceptors(as("crm"));
        assertThat(crm.modelInfer(churn("", 60)).getOutputsCount()).isPositive();
        assertThat(crm.modelInfer(churn("", 60)).getOutputsCount()).isPositive(); // on credit: known only when read
        assertThat(failure(crm, churn("", 1)).reason()).isEqualTo("QUOTA_EXCEEDED");
        StreamCaller<ModelInferRequest, ModelStreamInferResponse> shop =
                StreamCaller.open(streams().withInterceptors(as("shop"))::modelStreamInfer);
        shop.send(churn("a", 60)).send(churn("b", 60)).send(churn("c", 1));
        List<ModelStreamInferResponse> answers = shop.answers(3);
        assertThat(answers.get(1).getErrorMessage()).isEmpty();
        assertThat(answers.get(2)
                        .getInferResponse()
                        .getParametersOrThrow("error_reason")
                        .getStringParam())
                .isEqualTo("QUOTA_EXCEEDED");
        shop.complete();
        assertThat(shop.end()).isEqualTo(Status.OK);
        assertThat(inFlight()).isZero();
    }

    @Test
    void streamsAreBoundedByNumberAndGiveTheirPlaceBack() throws Exception {
        cluster.with("admit.max-streams", "1").startServing();
        var first = open();
        first.send(churn("a", 1)).answer();
        assertThat(FailureStatus.fromStatus(open().failure()).reason()).isEqualTo("TOO_MANY_STREAMS");
        first.cancel();
        Cluster.await("place free", () -> {
            var next = open();
            next.send(churn("b", 1));
            next.complete();
            try {
                return next.end().isOk();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aDrainingServerAnswersWhatItBeganAndSaysHowMuch() throws Exception {
        cluster.startServing();
        var stream = open();
        for (int i = 0; i < 5; i++) {
            stream.send(churn("r" + i, i == 4 ? 600 : 1));
        }
        assertThat(stream.answers(5))
                .extracting(ModelStreamInferResponse::getErrorMessage)
                .containsOnly("");
        cluster.server().close();
        Failure failure = FailureStatus.fromStatus(stream.failure());
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("DRAINING");
        assertThat(failure.metadata()).containsEntry("answered_count", "5");
        assertThat(failure.retryAfter()).isNotNull();
    }
}
