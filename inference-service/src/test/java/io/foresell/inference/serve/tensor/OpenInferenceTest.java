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
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.foresell.proto.openinference.ModelInferResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What clients of the protocol get when they ask rightly for inferences. */
final class OpenInferenceTest extends RunningOpenInference {
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
}
