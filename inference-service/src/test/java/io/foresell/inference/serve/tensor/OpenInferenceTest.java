package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.floats;
import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.text;
import static io.foresell.inference.fixture.Tensors.texts;
import static io.foresell.inference.fixture.Tensors.truth;
import static io.foresell.inference.fixture.Tensors.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.openinference.DataType;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelConfig;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelReadyRequest;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the protocol get when they ask rightly, over real sockets with stubs generated from the wire. */
final class OpenInferenceTest {
    private static final float NAN = Float.NaN;

    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1))
                .publish("split", 1, TestPackages.logistic("split", 0))
                .publish("split", 2, TestPackages.logistic("split", 1))
                .publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.registry.release("split", 1, 70, 2, 30);
        cluster.startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private static ModelInferResponse infer(ModelInferRequest.Builder request) {
        return cluster.tensors().withDeadlineAfter(20, TimeUnit.SECONDS).modelInfer(request.build());
    }

    private static ModelInferRequest.Builder churn() {
        return request(
                "churn",
                numbers("tenure", 1, 24, NAN),
                numbers("spend", 20, 70, 55),
                texts("plan", "basic", "gold", ""));
    }

    private static void assertChurn(List<Float> scores) {
        assertThat(scores).hasSize(3);
        assertThat(scores.get(0)).isCloseTo((float) TestPackages.expected(0, 1, 20, "basic"), within(1e-6f));
        assertThat(scores.get(1)).isCloseTo((float) TestPackages.expected(0, 24, 70, "gold"), within(1e-6f));
        assertThat(scores.get(2)).isCloseTo((float) TestPackages.expected(0, NAN, 55, ""), within(1e-6f));
    }

    private static ModelMetadataResponse metadata(String model) {
        return cluster.tensors()
                .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
    }

    private static boolean isReady(String model, String version) {
        return cluster.tensors()
                .modelReady(ModelReadyRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build())
                .getReady();
    }

    private static InferRequestedOutputTensor output(String name) {
        return InferRequestedOutputTensor.newBuilder().setName(name).build();
    }

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
        assertThat(churn.getInputsList().stream().map(OpenInferenceTest::shown))
                .containsExactly("tenure FP32 [-1, 1]", "spend FP32 [-1, 1]", "plan BYTES [-1, 1]");
        assertThat(churn.getOutputsList().stream().map(OpenInferenceTest::shown))
                .containsExactly(
                        "score FP32 [-1, 1]",
                        "band BYTES [-1, 1]",
                        "reasons BYTES [-1, -1]",
                        "prediction_id BYTES [-1, 1]");
        assertThat(metadata("weekly").getInputsList().stream().map(OpenInferenceTest::shown))
                .containsExactly("weekly FP32 [-1, 4]");
        assertThat(metadata("split").getVersionsList()).containsExactly("1", "2");
        assertThat(metadata("simple").getInputsList().stream().map(OpenInferenceTest::shown))
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
    void answersListsWithLists() {
        ModelInferResponse response = infer(churn().setId("r-1"));
        assertThat(response.getModelName()).isEqualTo("churn");
        assertThat(response.getModelVersion()).isEqualTo("1");
        assertThat(response.getId()).isEqualTo("r-1");
        assertThat(response.getRawOutputContentsCount()).isZero();
        assertThat(response.getOutputsList()).hasSize(2);
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(3L, 1L);
        assertChurn(floats(response, "score"));
        assertThat(texts(response, "band")).containsExactly("medium", "low", "high");
    }

    @Test
    void answersRawWithRaw() {
        ModelInferResponse response = infer(request(
                        "churn",
                        input("plan", "BYTES", 3),
                        input("tenure", "FP32", 3, 1),
                        input("spend", "INT32", 3, 1))
                .addRawInputContents(raw("basic", "gold", ""))
                .addRawInputContents(raw(1f, 24f, NAN))
                .addRawInputContents(raw(20, 70, 55)));
        assertThat(response.getOutputsList()).noneMatch(output -> output.hasContents());
        assertThat(response.getRawOutputContentsCount()).isEqualTo(2);
        assertChurn(floats(response, "score"));
        assertThat(texts(response, "band")).containsExactly("medium", "low", "high");
    }

    @Test
    void answersTheSameAsItsOwnApi() {
        float own = (float)
                cluster.score(Cluster.packed("churn", 7, 33, "gold")).getRows(0).getScore();
        assertThat(floats(
                        infer(request("churn", numbers("tenure", 7), numbers("spend", 33), texts("plan", "gold"))),
                        "score"))
                .containsExactly(own);
    }

    @Test
    void readsEveryDatatypeOfNumbers() {
        InferTensorContents.Builder[] contents = {
            InferTensorContents.newBuilder().addIntContents(24),
            InferTensorContents.newBuilder().addUintContents(24),
            InferTensorContents.newBuilder().addInt64Contents(24),
            InferTensorContents.newBuilder().addUint64Contents(24),
            InferTensorContents.newBuilder().addFp64Contents(24)
        };
        String[][] datatypes = {
            {"INT8", "INT16", "INT32"}, {"UINT8", "UINT16", "UINT32"}, {"INT64"}, {"UINT64"}, {"FP64"}
        };
        float expected = (float) TestPackages.expected(0, 24, 70, "gold");
        for (int i = 0; i < datatypes.length; i++) {
            for (String datatype : datatypes[i]) {
                ModelInferResponse response = infer(request(
                        "churn",
                        input("tenure", datatype, 1).setContents(contents[i]),
                        numbers("spend", 70),
                        texts("plan", "gold")));
                assertThat(floats(response, "score").get(0)).as(datatype).isCloseTo(expected, within(1e-6f));
            }
        }
        // 24 as binary16 and as bfloat16, 1 as BOOL.
        assertThat(rawTenure("FP16", 0x00, 0x4E)).isCloseTo(expected, within(1e-6f));
        assertThat(rawTenure("BF16", 0xC0, 0x41)).isCloseTo(expected, within(1e-6f));
        assertThat(rawTenure("BOOL", 1)).isCloseTo((float) TestPackages.expected(0, 1, 70, "gold"), within(1e-6f));
    }

    private static float rawTenure(String datatype, int... bytes) {
        byte[] raw = new byte[bytes.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) bytes[i];
        }
        ModelInferResponse response = infer(
                request("churn", input("tenure", datatype, 1), input("spend", "FP32", 1), input("plan", "BYTES", 1))
                        .addRawInputContents(ByteString.copyFrom(raw))
                        .addRawInputContents(raw(70f))
                        .addRawInputContents(raw("gold")));
        return floats(response, "score").get(0);
    }

    @Test
    void takesAllNumbersAsOneTensor() {
        ModelInferResponse response = infer(request("churn", input("input", "FP32", 3, 2), input("plan", "BYTES", 3, 1))
                .addRawInputContents(raw(1f, 20f, 24f, 70f, NAN, 55f))
                .addRawInputContents(raw("basic", "gold", "")));
        assertChurn(floats(response, "score"));
        // Only numbers: the one tensor is all there is.
        ModelInferResponse weekly =
                infer(request("weekly", input("input", "FP32", 1, 4)).addRawInputContents(raw(0.5f, 2f, -1f, NAN)));
        assertThat(floats(weekly, "score").get(0)).isCloseTo((float) (1 / (1 + Math.exp(-2))), within(1e-6f));
    }

    @Test
    void leavesInputsOutWhenAllowed() {
        ModelInferResponse response =
                infer(request("churn", numbers("spend", 55)).putParameters("allow_missing", truth(true)));
        assertThat(floats(response, "score").get(0))
                .isCloseTo((float) TestPackages.expected(0, NAN, 55, ""), within(1e-6f));
    }

    @Test
    void takesAValueAsMissing() {
        ModelInferResponse response = infer(request(
                "churn",
                input("tenure", "INT64", 1)
                        .setContents(InferTensorContents.newBuilder().addInt64Contents(-1))
                        .putParameters("missing_value", whole(-1)),
                numbers("spend", 55),
                texts("plan", "unknown").putParameters("missing_value", text("unknown"))));
        assertThat(floats(response, "score").get(0))
                .isCloseTo((float) TestPackages.expected(0, NAN, 55, ""), within(1e-6f));
    }

    @Test
    void answersOnlyWhatIsAskedFor() {
        ModelInferResponse response = infer(churn().addOutputs(output("band")));
        assertThat(response.getOutputsList()).hasSize(1);
        assertThat(response.getOutputs(0).getName()).isEqualTo("band");
    }

    @Test
    void givesReasonsOnRequest() {
        ModelInferResponse response = infer(churn().putParameters("reason_count", whole(2)));
        assertThat(response.getOutputs(2).getShapeList()).containsExactly(3L, 2L);
        assertThat(texts(response, "reasons").get(0))
                .startsWith("{\"feature\":\"tenure\",\"value\":\"1\",\"contribution\":")
                .contains("\"sentence\":\"Months with us is 1: raises the score\"");
        assertThat(texts(infer(churn().addOutputs(output("reasons"))), "reasons"))
                .hasSize(9);
        assertThat(texts(
                                infer(churn().addOutputs(output("reasons"))
                                        .putParameters("language", text("zh"))
                                        .putParameters("reason_count", whole(1))),
                                "reasons")
                        .get(0))
                .doesNotContain("raises");
    }

    @Test
    void answersClassesInsteadOfValues() {
        ModelInferResponse response = infer(churn().addOutputs(InferRequestedOutputTensor.newBuilder()
                .setName("score")
                .putParameters("classification", whole(1))));
        assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(texts(response, "score").get(0)).matches("0\\.\\d+:0");
    }

    @Test
    void routesBySubjectAndSpreadsTheRest() {
        List<String> ofOneSubject = new ArrayList<>();
        List<String> ofMany = new ArrayList<>();
        int second = 0;
        for (int i = 0; i < 400; i++) {
            ModelInferRequest.Builder request =
                    request("split", numbers("tenure", 1), numbers("spend", 1), texts("plan", "gold"));
            second += infer(request.clone()).getModelVersion().equals("2") ? 1 : 0;
            if (i < 20) {
                ofOneSubject.add(infer(request.clone().putParameters("subject", text("C-7")))
                        .getModelVersion());
                ofMany.add(infer(request.clone().putParameters("subject", text("C-" + i)))
                        .getModelVersion());
            }
        }
        assertThat(second).isBetween(80, 160); // 30 % of 400, five standard deviations
        assertThat(ofOneSubject).containsOnly(ofOneSubject.get(0));
        assertThat(ofMany).contains("1", "2");
        assertThat(infer(request("split", numbers("tenure", 1), numbers("spend", 1), texts("plan", "gold"))
                                .setModelVersion("2"))
                        .getModelVersion())
                .isEqualTo("2");
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
    void namesEachRowsAnswerForGood() {
        Set<String> ids = new HashSet<>();
        for (int call = 0; call < 20; call++) {
            ModelInferResponse response = infer(churn().addOutputs(output("prediction_id")));
            List<String> answered = texts(response, "prediction_id");
            assertThat(response.getParametersOrThrow("prediction_ids").getStringParam())
                    .isEqualTo(String.join(",", answered));
            assertThat(answered).hasSize(3).isSorted().allMatch(id -> id.length() == 26);
            ids.addAll(answered);
        }
        assertThat(ids).hasSize(60);
    }

    /** Nobody need ask for ids to report outcomes later; few are told beside every answer, the many of a batch as an output only. */
    @Test
    void namesAnswersUnasked() {
        ModelInferResponse one =
                infer(request("churn", numbers("spend", 55)).putParameters("allow_missing", truth(true)));
        assertThat(one.getParametersOrThrow("prediction_id").getStringParam()).hasSize(26);
        assertThat(one.getParametersMap()).doesNotContainKey("prediction_ids");
        ModelInferResponse many =
                infer(request("churn", numbers("spend", new float[101])).putParameters("allow_missing", truth(true)));
        assertThat(many.getParametersMap()).isEmpty();
        ModelInferResponse test = infer(request("simple_identity", texts("INPUT0", "a")));
        assertThat(test.getParametersMap()).as("nobody's prediction").isEmpty();
    }

    @Test
    void answersLargeBatchesOnTheHeavyLane() {
        float[] tenures = new float[4096];
        float[] spends = new float[4096];
        String[] plans = new String[4096];
        java.util.Arrays.fill(plans, "gold");
        tenures[4095] = 24;
        spends[4095] = 70;
        ModelInferResponse response =
                infer(request("churn", numbers("tenure", tenures), numbers("spend", spends), texts("plan", plans)));
        assertThat(floats(response, "score")).hasSize(4096);
        assertThat(floats(response, "score").get(4095))
                .isCloseTo((float) TestPackages.expected(0, 24, 70, "gold"), within(1e-6f));
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
