package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.text;
import static io.foresell.inference.fixture.Tensors.texts;
import static io.foresell.inference.fixture.Tensors.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferInputTensor;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to ask wrongly, each with status, reason and a message that states value and expectation. */
final class OpenInferenceBadRequestTest {
    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private static void refuses(ModelInferRequest.Builder request, Status.Code code, String reason, String... parts) {
        try {
            var unused =
                    cluster.tensors().withDeadlineAfter(20, TimeUnit.SECONDS).modelInfer(request.build());
            throw new AssertionError("answered, expected " + reason);
        } catch (StatusRuntimeException e) {
            Failure failure = FailureStatus.fromStatus(e);
            assertThat(failure.code()).as(failure.message()).isEqualTo(code);
            assertThat(failure.reason()).as(failure.message()).isEqualTo(reason);
            assertThat(failure.message()).contains(parts);
        }
    }

    private static void refuses(ModelInferRequest.Builder request, String reason, String... parts) {
        refuses(request, Status.Code.INVALID_ARGUMENT, reason, parts);
    }

    /** Returns a sound request but for its first input. */
    private static ModelInferRequest.Builder with(InferInputTensor.Builder tenure) {
        return request("churn", tenure, numbers("spend", 1), texts("plan", "gold"));
    }

    private static ModelInferRequest.Builder sound() {
        return with(numbers("tenure", 1));
    }

    private static ModelInferRequest.Builder weekly(ByteString bytes, String datatype, long... shape) {
        return request("weekly", input("weekly", datatype, shape)).addRawInputContents(bytes);
    }

    @Test
    void refusesUnknownModelsAndVersions() {
        refuses(sound().setModelName(""), "MODEL_REQUIRED", "model_name: ''");
        refuses(
                sound().setModelName("chrun"),
                Status.Code.NOT_FOUND,
                "MODEL_NOT_FOUND",
                "Request for unknown model: model: 'chrun'",
                "nearest is churn");
        refuses(
                sound().setModelVersion("7"),
                Status.Code.NOT_FOUND,
                "VERSION_NOT_FOUND",
                "Request for unknown model: version: '7'",
                "a loaded version of 'churn': 1");
        for (String version : new String[] {"latest", "0", "-1", "1.0", "99999999999", " 1"}) {
            refuses(
                    sound().setModelVersion(version),
                    "VERSION_INVALID",
                    "failed to get model version from specified version string '%s'".formatted(version));
        }
        refuses(sound().setModelName("simple").setModelVersion("2"), Status.Code.NOT_FOUND, "VERSION_NOT_FOUND", "'2'");
        try {
            var unused = cluster.tensors()
                    .modelMetadata(
                            ModelMetadataRequest.newBuilder().setName("nope").build());
            throw new AssertionError("answered");
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(e).hasMessageContaining("Request for unknown model");
        }
    }

    @Test
    void refusesMissingUnknownAndRepeatedInputs() {
        refuses(request("churn"), "INPUT_MISSING", "inputs: 0 (expected: 1 or more)");
        refuses(
                request("churn", numbers("spend", 1)),
                "INPUT_MISSING",
                "inputs: missing tenure, plan (expected: all 3 inputs of the model, or parameter allow_missing true)");
        refuses(
                with(numbers("tenur", 1)),
                "INPUT_UNKNOWN",
                "inputs: 'tenur' (expected: an input of the model, nearest is 'tenure')");
        refuses(sound().addInputs(numbers("tenure", 1)), "INPUT_TWICE", "inputs[3].name: 'tenure'");
        refuses(
                sound().addInputs(input("input", "FP32", 1, 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(1)
                                .addFp32Contents(2))),
                "INPUT_TWICE",
                "either by its own name or within 'input'");
        refuses(request("simple", numbers("x", 1)), "INPUT_UNKNOWN", "'x' (expected: of INPUT0, INPUT1)");
    }

    @Test
    void refusesUnknownOutputs() {
        refuses(
                sound().addOutputs(InferRequestedOutputTensor.newBuilder().setName("scor")),
                "OUTPUT_UNKNOWN",
                "outputs: 'scor' (expected: of score, band, reasons, prediction_id; nearest is 'score')");
        refuses(
                sound().addOutputs(InferRequestedOutputTensor.newBuilder().setName("band"))
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("band")),
                "OUTPUT_TWICE",
                "outputs[1].name: 'band'");
        refuses(
                sound().addOutputs(InferRequestedOutputTensor.newBuilder()
                        .setName("band")
                        .putParameters("classification", whole(2))),
                "CLASSIFICATION_UNSUPPORTED",
                "outputs['band']");
    }

    @Test
    void refusesWrongDatatypes() {
        refuses(
                with(texts("tenure", "1")),
                "INPUT_TYPE",
                "inputs['tenure'].datatype: 'BYTES' (expected: FP32, or another datatype of numbers)");
        refuses(
                request("churn", numbers("tenure", 1), numbers("spend", 1), numbers("plan", 1)),
                "INPUT_TYPE",
                "inputs['plan'].datatype: 'FP32' (expected: BYTES)");
        refuses(with(input("tenure", "FLOAT", 1)), "DATATYPE_UNKNOWN", "inputs['tenure'].datatype: 'FLOAT'", "FP32");
        refuses(with(input("tenure", "", 1)), "DATATYPE_UNKNOWN", "''");
        refuses(
                request("simple", input("INPUT0", "FP32", 1, 16), input("INPUT1", "INT32", 1, 16))
                        .addRawInputContents(raw(new float[16]))
                        .addRawInputContents(raw(new int[16])),
                "INPUT_TYPE",
                "'FP32' (expected: INT32)");
        refuses(
                request("simple_string", texts("INPUT0", "1").setShape(0, 1), texts("INPUT1", "1")),
                "INPUT_SHAPE",
                "[1, 1] (expected: [1..8, 16]");
    }

    @Test
    void refusesWrongShapes() {
        refuses(
                with(input("tenure", "FP32")
                        .setContents(InferTensorContents.newBuilder().addFp32Contents(1))),
                "SHAPE_INVALID",
                "[] (expected: 1 to 8 dimensions)");
        refuses(with(input("tenure", "FP32", 1, -1)), "SHAPE_INVALID", "[1, -1] (expected: dimensions of 0 and more)");
        refuses(with(input("tenure", "FP32", 1, 1, 1, 1, 1, 1, 1, 1, 1)), "SHAPE_INVALID", "9 dimensions");
        for (long[] shape : new long[][] {
            {Long.MAX_VALUE}, {1L << 31, 1}, {65536, 65536}, {1L << 32, 1L << 32}, {Long.MAX_VALUE, 0}, {2, 1L << 62, 2}
        }) {
            refuses(with(input("tenure", "FP32", shape)), "SHAPE_INVALID", "at most 2147483647 elements");
        }
        refuses(
                with(numbers("tenure", 1, 2)),
                "INPUT_SHAPE",
                "inputs['spend'].shape: [1, 1] (expected: [2] or [2, 1])");
        refuses(
                with(input("tenure", "FP32", 1, 2)
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(1)
                                .addFp32Contents(2))),
                "INPUT_SHAPE",
                "inputs['tenure'].shape: [1, 2] (expected: [1] or [1, 1])");
        refuses(weekly(raw(1f, 2f, 3f), "FP32", 1, 3), "INPUT_SHAPE", "[1, 3] (expected: [1, 4])");
        refuses(weekly(raw(1f, 2f, 3f, 4f), "FP32", 4), "INPUT_SHAPE", "[4] (expected: [4, 4])");
        refuses(weekly(raw(1f, 2f, 3f, 4f), "FP32", 1, 2, 2), "INPUT_SHAPE", "[1, 2, 2] (expected: [1, 4])");
        refuses(weekly(ByteString.EMPTY, "FP32", 0, 4), "ROW_COUNT_OUT_OF_RANGE", "rows: 0 (expected: 1..4096");
        refuses(
                weekly(ByteString.copyFrom(new byte[4097 * 16]), "FP32", 4097, 4),
                "ROW_COUNT_OUT_OF_RANGE",
                "rows: 4097 (expected: 1..4096");
    }

    @Test
    void refusesContentsThatAreNotWhatTheShapeSays() {
        InferTensorContents one =
                InferTensorContents.newBuilder().addFp32Contents(1).build();
        refuses(
                with(input("tenure", "FP32", 2, 1).setContents(one)),
                "CONTENTS_COUNT",
                "'1 elements' (expected: 2 for shape [2, 1])");
        refuses(with(input("tenure", "FP32", 1, 1)), "CONTENTS_COUNT", "'0 elements' (expected: 1 for shape [1, 1])");
        refuses(
                with(input("tenure", "FP64", 1, 1).setContents(one)),
                "CONTENTS_MISPLACED",
                "fp32_contents: '1 elements' (expected: elements of FP64 in fp64_contents)");
        refuses(
                with(input("tenure", "INT8", 1)
                        .setContents(InferTensorContents.newBuilder().addIntContents(128))),
                "ELEMENT_OUT_OF_RANGE",
                "inputs['tenure'] element 0: 128 (expected: -128..127)");
        refuses(
                with(input("tenure", "UINT8", 1)
                        .setContents(InferTensorContents.newBuilder().addUintContents(-1))),
                "ELEMENT_OUT_OF_RANGE",
                "4294967295 (expected: 0..255)");
        refuses(with(input("tenure", "FP16", 1).setContents(one)), "CONTENTS_UNSUPPORTED", "raw_input_contents");
        refuses(with(numbers("tenure", Float.POSITIVE_INFINITY)), "NUMBER_NOT_FINITE", "inputs['tenure'] element 0");
        refuses(
                with(input("tenure", "FP64", 1)
                        .setContents(InferTensorContents.newBuilder().addFp64Contents(1e300))),
                "NUMBER_NOT_FINITE",
                "Infinity");
    }

    @Test
    void refusesRawBytesThatAreNotWhatTheShapeSays() {
        refuses(
                sound().addRawInputContents(raw(1f)),
                "RAW_COUNT",
                "raw_input_contents: 1 (expected: one for each of the 3 inputs)");
        refuses(
                sound().addRawInputContents(raw(1f))
                        .addRawInputContents(raw(1f))
                        .addRawInputContents(raw("gold")),
                "CONTENTS_TWICE",
                "inputs[0].contents");
        refuses(
                weekly(raw(1f, 2f, 3f), "FP32", 1, 4),
                "RAW_SIZE",
                "inputs['weekly'] raw contents: '12 bytes' (expected: 16, 4 elements of FP32)");
        refuses(weekly(raw(1f, 2f, 3f, 4f, 5f), "FP32", 1, 4), "RAW_SIZE", "'20 bytes'");
        refuses(weekly(raw(1f, 2f, 3f, 4f), "FP64", 1, 4), "RAW_SIZE", "(expected: 32, 4 elements of FP64)");
    }

    private static ModelInferRequest.Builder identity(int count, ByteString bytes) {
        return request("simple_identity", input("INPUT0", "BYTES", 1, count)).addRawInputContents(bytes);
    }

    @Test
    void refusesTextsWhoseLengthsAreWrong() {
        ByteString text = raw("gold");
        refuses(
                identity(1, text.substring(0, 3)),
                "RAW_SIZE",
                "'3 bytes' (expected: at least 4 for each of 1 elements)");
        refuses(identity(1, text.substring(0, 7)), "RAW_SIZE", "element 0 of 4 bytes", "at most the 3 left");
        refuses(identity(2, text), "RAW_SIZE", "0 bytes left for the length of element 1");
        refuses(identity(1, text.concat(text)), "RAW_SIZE", "8 bytes after the last element");
        refuses(identity(1, raw(-1)), "RAW_SIZE", "element 0 of 4294967295 bytes");
        refuses(identity(1, raw(Integer.MAX_VALUE)), "RAW_SIZE", "element 0 of 2147483647 bytes");
        refuses(identity(Integer.MAX_VALUE, text), "RAW_SIZE", "at least 4 for each of 2147483647 elements");
        refuses(
                request("churn", input("tenure", "FP32", 1), input("spend", "FP32", 1), input("plan", "BYTES", 1))
                        .addRawInputContents(raw(1f))
                        .addRawInputContents(raw(1f))
                        .addRawInputContents(raw(2).concat(ByteString.copyFrom(new byte[] {(byte) 0xC3, 0x28}))),
                "TEXT_NOT_UTF8",
                "inputs['plan'] element 0");
        refuses(
                request("simple_string", texts16("INPUT0", "x"), texts16("INPUT1", "1")),
                "INPUT_TYPE",
                "inputs['INPUT0'] element 0: 'x' (expected: a whole number as text)");
    }

    private static InferInputTensor.Builder texts16(String name, String value) {
        String[] values = new String[16];
        java.util.Arrays.fill(values, value);
        return texts(name, values).setShape(0, 1).setShape(1, 16);
    }

    @Test
    void refusesWrongParameters() {
        refuses(
                sound().putParameters("reason_count", whole(21)),
                "PARAMETER_INVALID",
                "parameters['reason_count']: 21 (expected: a whole number in 0..20)");
        refuses(sound().putParameters("reason_count", text("2")), "PARAMETER_INVALID", "'2'");
        refuses(sound().putParameters("language", text("fr")), "LANGUAGE_UNKNOWN", "'fr' (expected: en or zh)");
        refuses(
                sound().putParameters("subject", whole(7)),
                "PARAMETER_INVALID",
                "parameters['subject']: 7 (expected: a text)");
        refuses(sound().putParameters("allow_missing", text("yes")), "PARAMETER_INVALID", "true or false");
        refuses(
                sound().putParameters("reason_label", text("gold")),
                "LABEL_UNKNOWN",
                "absent: the model has no labels");
        refuses(
                with(numbers("tenure", 1).putParameters("missing_value", text("x"))),
                "PARAMETER_INVALID",
                "inputs['tenure'].parameters['missing_value']: 'x' (expected: a number)");
        refuses(
                with(numbers("tenure", 1).putParameters("shared_memory_region", text("x"))),
                Status.Code.UNIMPLEMENTED,
                "SHARED_MEMORY_UNSUPPORTED",
                "expected: in the request");
    }

    @Test
    void staysSoundUnderMutilatedRequests() {
        Random random = new Random(11);
        byte[][] sound = {
            sound().build().toByteArray(),
            weekly(raw(1f, 2f, 3f, 4f), "FP32", 1, 4).build().toByteArray(),
            identity(2, raw("a", "bc")).build().toByteArray()
        };
        int answered = 0;
        for (int i = 0; i < 1_500; i++) {
            byte[] bytes = sound[i % sound.length].clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ModelInferRequest request;
            try {
                request = ModelInferRequest.parseFrom(bytes);
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                continue;
            }
            try {
                var unused = cluster.tensors()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .modelInfer(request);
                answered++;
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode())
                        .as("%s for %s", e.getStatus(), request)
                        .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND, Status.Code.UNIMPLEMENTED);
            }
        }
        assertThat(answered).isPositive();
        assertThat(cluster.tensors()
                        .repositoryIndex(RepositoryIndexRequest.getDefaultInstance())
                        .getModelsList())
                .isNotEmpty();
    }
}
