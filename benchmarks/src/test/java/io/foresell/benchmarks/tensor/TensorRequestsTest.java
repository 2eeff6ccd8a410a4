package io.foresell.benchmarks.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.proto.openinference.ModelInferRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same row in every form: what a server reads must be equal, or their speed cannot be compared. */
final class TensorRequestsTest {
    private static final TensorRequests ROW = new TensorRequests(List.of(
            Tensor.numbers("age", List.of(41.5f)),
            Tensor.text("plan", "größe"),
            Tensor.numbers("weeks", List.of(1f, Float.NaN, 3f))));

    @Test
    void rawAndTypedContentsHoldTheSameElements() {
        ModelInferRequest raw = ROW.raw("churn", "2");
        ModelInferRequest typed = ROW.typed("churn", "2");
        assertThat(raw.getModelVersion()).isEqualTo("2");
        assertThat(raw.getRawInputContentsCount()).isEqualTo(3);
        assertThat(typed.getRawInputContentsCount()).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(raw.getInputs(i).hasContents()).isFalse();
            assertThat(typed.getInputs(i).toBuilder().clearContents().build()).isEqualTo(raw.getInputs(i));
        }
        ByteBuffer weeks = raw.getRawInputContents(2).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (float week : typed.getInputs(2).getContents().getFp32ContentsList()) {
            assertThat(weeks.getFloat()).isEqualTo(Float.valueOf(week)); // a NaN equals a NaN
        }
        ByteBuffer plan = raw.getRawInputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = typed.getInputs(1).getContents().getBytesContents(0).toByteArray();
        assertThat(plan.getInt()).isEqualTo(text.length);
        assertThat(new String(text, StandardCharsets.UTF_8)).isEqualTo("größe");
        assertThat(raw.getInputs(2).getShapeList()).containsExactly(1L, 3L);
    }

    @Test
    void jsonAndBinaryBodiesHoldTheSameElements() {
        JsonObject json = JsonParser.parseString(new String(ROW.json(), StandardCharsets.UTF_8))
                .getAsJsonObject();
        assertThat(json.getAsJsonArray("inputs").get(2).getAsJsonObject().get("data"))
                .isEqualTo(JsonParser.parseString("[1.0, null, 3.0]"));
        TensorRequests.BinaryBody binary = ROW.binary();
        JsonObject head = JsonParser.parseString(
                        new String(binary.bytes(), 0, binary.jsonLength(), StandardCharsets.UTF_8))
                .getAsJsonObject();
        assertThat(head.getAsJsonArray("inputs").get(1).getAsJsonObject().get("parameters"))
                .isEqualTo(JsonParser.parseString("{\"binary_data_size\": 11}"));
        byte[] parts = Arrays.copyOfRange(binary.bytes(), binary.jsonLength(), binary.bytes().length);
        byte[] raw = ROW.raw("m", "").getRawInputContentsList().stream()
                .reduce(com.google.protobuf.ByteString::concat)
                .orElseThrow()
                .toByteArray();
        assertThat(parts).isEqualTo(raw);
    }

    @Test
    void allNumbersMayComeInOneTensor() {
        ModelInferRequest matrix = ROW.matrix("input").typed("m", "");
        assertThat(matrix.getInputs(0).getName()).isEqualTo("input");
        assertThat(matrix.getInputs(0).getContents().getFp32ContentsList()).containsExactly(41.5f, 1f, Float.NaN, 3f);
        assertThat(matrix.getInputs(1).getName()).isEqualTo("plan");
        assertThatThrownBy(() -> new TensorRequests(List.of(Tensor.text("plan", "a"))).matrix("x"))
                .hasMessage("input: x (expected: none, the row has no numbers)");
    }
}
