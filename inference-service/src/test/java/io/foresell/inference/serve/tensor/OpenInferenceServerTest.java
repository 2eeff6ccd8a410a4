package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.texts;
import static io.foresell.inference.fixture.Tensors.truth;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.inference.fixture.Cluster;
import io.foresell.proto.openinference.DataType;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelConfig;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelStatistics;
import io.foresell.proto.openinference.ModelStatisticsRequest;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.foresell.proto.openinference.ServerLiveRequest;
import io.foresell.proto.openinference.ServerMetadataRequest;
import io.foresell.proto.openinference.ServerReadyRequest;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the protocol learn of server and models, and what test models and streams answer them. */
final class OpenInferenceServerTest extends RunningOpenInference {
    @Test
    void tellsThatItLivesAndIsReady() {
        assertThat(cluster.tensors()
                        .serverLive(ServerLiveRequest.getDefaultInstance())
                        .getLive())
                .isTrue();
        assertThat(cluster.tensors()
                        .serverReady(ServerReadyRequest.getDefaultInstance())
                        .getReady())
                .isTrue();
        var server = cluster.tensors().serverMetadata(ServerMetadataRequest.getDefaultInstance());
        assertThat(server.getName()).isEqualTo("foresell");
        assertThat(server.getExtensionsList()).contains("statistics", "model_repository", "binary_tensor_data");
    }

    @Test
    void tellsWhichModelsAndVersionsAreReady() {
        assertThat(isReady("churn", "")).isTrue();
        assertThat(isReady("churn", "1")).isTrue();
        assertThat(isReady("churn", "2")).isFalse();
        assertThat(isReady("split", "2")).isTrue();
        assertThat(isReady("simple", "1")).isTrue();
        assertThat(isReady("simple", "2")).isFalse();
        assertThat(isReady("nope", "")).isFalse();
    }

    @Test
    void tellsInputsAndOutputs() {
        ModelMetadataResponse churn = metadata("churn");
        assertThat(churn.getPlatform()).isEqualTo("foresell_onnx");
        assertThat(churn.getVersionsList()).containsExactly("1");
        assertThat(churn.getPropertiesMap()).isEmpty(); // Another protocol has another type here.
        assertThat(churn.getInputsList().stream().map(OpenInferenceServerTest::shown))
                .containsExactly("tenure FP32 [-1, 1]", "spend FP32 [-1, 1]", "plan BYTES [-1, 1]");
        assertThat(churn.getOutputsList().stream().map(OpenInferenceServerTest::shown))
                .containsExactly(
                        "score FP32 [-1, 1]",
                        "band BYTES [-1, 1]",
                        "reasons BYTES [-1, -1]",
                        "prediction_id BYTES [-1, 1]");
        assertThat(metadata("weekly").getInputsList().stream().map(OpenInferenceServerTest::shown))
                .containsExactly("weekly FP32 [-1, 4]");
        assertThat(metadata("split").getVersionsList()).containsExactly("1", "2");
        assertThat(metadata("simple").getInputsList().stream().map(OpenInferenceServerTest::shown))
                .containsExactly("INPUT0 INT32 [-1, 16]", "INPUT1 INT32 [-1, 16]");
    }

    private static String shown(ModelMetadataResponse.TensorMetadata tensor) {
        return "%s %s %s".formatted(tensor.getName(), tensor.getDatatype(), tensor.getShapeList());
    }

    @Test
    void tellsTheConfigurationWithoutTheDimensionOfTheBatch() {
        ModelConfig config = cluster.tensors()
                .modelConfig(ModelConfigRequest.newBuilder().setName("churn").build())
                .getConfig();
        assertThat(config.getMaxBatchSize()).isEqualTo(4096);
        assertThat(config.getInput(2).getDataType()).isEqualTo(DataType.TYPE_STRING);
        assertThat(config.getInput(2).getDimsList()).containsExactly(1L);
        assertThat(config.getParametersOrThrow("task").getStringValue()).isEqualTo("binary");
        assertThat(config.getParametersOrThrow("matrix_input").getStringValue()).isEqualTo("input FP32 [-1, 2]");
    }

    @Test
    void addsAndSubtractsInTheTestModel() {
        int[] first = IntStream.range(0, 16).toArray();
        int[] second = IntStream.generate(() -> -1).limit(16).toArray();
        ModelInferResponse response =
                infer(request("simple", input("INPUT0", "INT32", 1, 16), input("INPUT1", "INT32", 1, 16))
                        .addRawInputContents(raw(first))
                        .addRawInputContents(raw(second)));
        assertThat(response.getRawOutputContents(0))
                .isEqualTo(raw(IntStream.range(-1, 15).toArray()));
        assertThat(response.getRawOutputContents(1))
                .isEqualTo(raw(IntStream.range(1, 17).toArray()));
        assertThat(response.getModelVersion()).isEqualTo("1");
    }

    @Test
    void echoesTextsInTheTestModel() {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder()
                .addBytesContents(ByteString.copyFromUtf8("张"))
                .addBytesContents(ByteString.copyFrom(new byte[] {(byte) 0xFF, 0}));
        ModelInferResponse response =
                infer(request("simple_identity", input("INPUT0", "BYTES", 1, 2).setContents(contents)));
        assertThat(response.getOutputs(0).getContents()).isEqualTo(contents.build());
    }

    @Test
    void countsWhatItDid() {
        ModelStatistics before = statistics("weekly");
        infer(request("weekly", input("weekly", "FP32", 2, 4))
                .addRawInputContents(raw(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f)));
        try {
            infer(request("weekly", input("weekly", "FP32", 2, 3)).addRawInputContents(raw(1f, 2f, 3f, 4f, 5f, 6f)));
        } catch (io.grpc.StatusRuntimeException e) {
            assertThat(e).hasMessageContaining("[2, 3]");
        }
        ModelStatistics after = statistics("weekly");
        assertThat(after.getInferenceCount() - before.getInferenceCount()).isEqualTo(2);
        assertThat(after.getExecutionCount() - before.getExecutionCount()).isEqualTo(1);
        assertThat(after.getInferenceStats().getSuccess().getCount()
                        - before.getInferenceStats().getSuccess().getCount())
                .isEqualTo(1);
        assertThat(after.getInferenceStats().getFail().getCount()
                        - before.getInferenceStats().getFail().getCount())
                .isEqualTo(1);
        assertThat(after.getInferenceStats().getComputeInfer().getNs()).isPositive();
        assertThat(after.getBatchStatsList()).anyMatch(batch -> batch.getBatchSize() == 2);
        assertThat(after.getLastInference()).isPositive();
        assertThat(
                        cluster
                                .tensors()
                                .modelStatistics(ModelStatisticsRequest.getDefaultInstance())
                                .getModelStatsList()
                                .stream()
                                .map(ModelStatistics::getName))
                .contains("churn", "split", "weekly", "simple");
    }

    private static ModelStatistics statistics(String model) {
        return cluster.tensors()
                .modelStatistics(
                        ModelStatisticsRequest.newBuilder().setName(model).build())
                .getModelStats(0);
    }

    @Test
    void streamsInOrderAndGoesOnAfterAnError() throws InterruptedException {
        List<ModelStreamInferResponse> answers = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(1);
        StreamObserver<ModelInferRequest> requests = cluster.tensorStreams().modelStreamInfer(new StreamObserver<>() {
            @Override
            public void onNext(ModelStreamInferResponse answer) {
                answers.add(answer);
            }

            @Override
            public void onError(Throwable error) {
                done.countDown();
            }

            @Override
            public void onCompleted() {
                done.countDown();
            }
        });
        float[] many = new float[1000];
        String[] plans = new String[1000];
        java.util.Arrays.fill(plans, "");
        for (int i = 0; i < 30; i++) {
            // Large batches go to another thread and must not be overtaken.
            requests.onNext(
                    i % 3 == 0
                            ? request("churn", numbers("tenure", many), numbers("spend", many), texts("plan", plans))
                                    .setId("r" + i)
                                    .build()
                            : (i % 3 == 1 ? churn() : request("nope", numbers("x", 1)))
                                    .setId("r" + i)
                                    .putParameters("triton_enable_empty_final_response", truth(true))
                                    .build());
        }
        requests.onCompleted();
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).hasSize(30);
        for (int i = 0; i < 30; i++) {
            ModelStreamInferResponse answer = answers.get(i);
            assertThat(answer.getInferResponse().getId()).isEqualTo("r" + i);
            assertThat(answer.getErrorMessage().isEmpty()).isEqualTo(i % 3 != 2);
        }
        assertThat(answers.get(2).getErrorMessage()).startsWith("Request for unknown model");
        assertThat(answers.get(1)
                        .getInferResponse()
                        .getParametersOrThrow("triton_final_response")
                        .getBoolParam())
                .isTrue();
    }

    @Test
    void answersRawToEverythingWhenToldTo(@TempDir Path other) {
        try (Cluster raw = new Cluster(other)
                .with("open-inference.server-name", "another")
                .with("open-inference.always-raw", "true")
                .startServing()) {
            ModelInferResponse response = raw.tensors()
                    .modelInfer(request(
                                    "simple_identity",
                                    input("INPUT0", "BYTES", 1, 1)
                                            .setContents(InferTensorContents.newBuilder()
                                                    .addBytesContents(ByteString.copyFromUtf8("x"))))
                            .build());
            assertThat(response.getRawOutputContents(0)).isEqualTo(raw("x"));
            assertThat(response.getOutputs(0).hasContents()).isFalse();
            assertThat(raw.tensors()
                            .serverMetadata(ServerMetadataRequest.getDefaultInstance())
                            .getName())
                    .isEqualTo("another");
        }
    }
}
