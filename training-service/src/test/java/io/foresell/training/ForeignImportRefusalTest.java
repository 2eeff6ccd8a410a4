package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.proto.registry.v1.SignatureColumn;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Everything that can be wrong with files of other libraries, said clearly; nothing is left of them. */
final class ForeignImportRefusalTest extends RunningImports {
    @Test
    void refusesFilesThatAreNoGraphs() {
        ForeignFile file = ForeignFile.of("linear_regression");
        refused(
                Status.Code.INVALID_ARGUMENT,
                "BAD_GRAPH",
                "not an ONNX file",
                file.signature(),
                "hello".getBytes(StandardCharsets.UTF_8),
                null);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "FILE_EMPTY",
                "(expected: an ONNX file)",
                file.signature(),
                new byte[0],
                null);
        byte[] cut = Arrays.copyOf(file.onnx(), file.onnx().length / 2);
        refused(Status.Code.INVALID_ARGUMENT, "BAD_GRAPH", "model.onnx", file.signature(), cut, null);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "FILE_TOO_LARGE",
                "more than 67108864",
                file.signature(),
                new byte[(64 << 20) + 1],
                null);
    }

    @Test
    void refusesUnknownOperatorSets() {
        ForeignFile file = ForeignFile.of("linear_regression");
        byte[] future =
                changed(file, model -> model.getOpsetImportBuilderList().forEach(opset -> opset.setVersion(99)));
        Failure failure = refused(
                Status.Code.INVALID_ARGUMENT, "BAD_GRAPH", "onnxruntime", file.signature(), future, file.sample());
        assertThat(failure.message()).contains("opset");
    }

    @Test
    void refusesWeightsThatAreNoNumbers() {
        ForeignFile file = ForeignFile.of("mlp_regressor");
        byte[] broken = changed(file, model -> {
            TensorProto.Builder weights = model.getGraphBuilder().getInitializerBuilderList().stream()
                    .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber())
                    .findFirst()
                    .orElseThrow();
            if (weights.getFloatDataCount() > 0) {
                weights.setFloatData(0, Float.NaN);
            } else {
                byte[] raw = weights.getRawData().toByteArray();
                raw[2] = (byte) 0xC0;
                raw[3] = 0x7F;
                weights.setRawData(ByteString.copyFrom(raw));
            }
        });
        refused(
                Status.Code.INVALID_ARGUMENT,
                "ANSWER_INVALID",
                "answer NaN (expected: a finite number)",
                file.signature(),
                broken,
                file.sample());
    }

    @Test
    void refusesShapesThatAreNotSaid() {
        ForeignFile file = ForeignFile.of("linear_regression");
        byte[] open = changed(file, model -> model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(1)
                .setDimParam("columns"));
        refused(
                Status.Code.INVALID_ARGUMENT,
                "SIGNATURE_INVALID",
                "fixed dimensions but the first",
                file.signature(),
                open,
                file.sample());
    }

    @Test
    void refusesSignaturesThatDoNotFit() {
        ForeignFile file = ForeignFile.of("lightgbm_multiclass");
        misfit(file, "signature.output.labels: 4 (expected: 3 labels, one for each column", s -> s.getOutputBuilder()
                .addLabels("more"));
        misfit(file, "expected: an output of the graph", s -> s.getOutputBuilder()
                .setName("scores"));
        misfit(file, "task: fortune (expected: one of [binary", s -> s.setTask("fortune"));
        misfit(file, "columns of 7 values (expected: 6)", s -> s.getInputsBuilder(0)
                .addColumns(column("extra")));
        misfit(file, "no columns (expected: some for each input)", s -> s.clearInputs());
        misfit(file, "input: other (expected: one of", s -> s.getInputsBuilder(0)
                .setName("other"));
        misfit(file, "a name for each", s -> s.getInputsBuilder(0)
                .getColumnsBuilder(2)
                .clearName());
        misfit(file, "is a TEXT", s -> s.getInputsBuilder(0)
                .getColumnsBuilder(0)
                .setKind(io.foresell.proto.registry.v1.ColumnKind.COLUMN_KIND_TEXT));
        misfit(file, "none for task multiclass", s -> s.getBandsBuilder().setHighFrom(1));
        misfit(file, "0 <= medium_from <= high_from <= 1", s -> s.getBandsBuilder()
                .setMediumFrom(2));
        misfit(file, "entity, feature_set and feature_set_hash together", s -> s.setFeatureSet("customer_set"));
    }

    private static SignatureColumn column(String name) {
        return SignatureColumn.newBuilder().setName(name).build();
    }

    private static void misfit(ForeignFile file, String message, Consumer<ModelSignature.Builder> change) {
        ModelSignature.Builder signature = file.signature().toBuilder();
        change.accept(signature);
        refused(
                Status.Code.INVALID_ARGUMENT,
                "SIGNATURE_INVALID",
                message,
                signature.build(),
                file.onnx(),
                file.sample());
    }

    @Test
    void refusesSamplesThatDoNotFit() {
        ForeignFile file = ForeignFile.of("pipeline_lightgbm");
        badSample(file, "no 'age' (expected: every column of the model", s -> s.setColumns(0, "years"));
        badSample(file, "unique names", s -> s.setColumns(0, "city"));
        badSample(file, "sample.rows[1].spend: 'much' (expected: a number", s -> s.getRowsBuilder(1)
                .setCells(1, "much"));
        badSample(file, "'1e99' (expected: a number within", s -> s.getRowsBuilder(0)
                .setCells(2, "1e99"));
        badSample(
                file,
                "sample.rows[0]: 4 (expected: 5 cells",
                s -> s.setRows(0, SampleRow.newBuilder().addAllCells(List.of("1", "2", "3", "4"))));
    }

    private static void badSample(ForeignFile file, String message, Consumer<SampleRows.Builder> change) {
        SampleRows.Builder sample = file.sample().toBuilder();
        change.accept(sample);
        refused(Status.Code.INVALID_ARGUMENT, "SAMPLE_INVALID", message, file.signature(), file.onnx(), sample.build());
    }

    @Test
    void refusesAnswersThatAreNoProbabilities() {
        ForeignFile file = ForeignFile.of("linear_regression");
        ModelSignature binary = file.signature().toBuilder().setTask("binary").build();
        refused(
                Status.Code.INVALID_ARGUMENT,
                "ANSWER_INVALID",
                "a probability in 0..1 for task binary",
                binary,
                file.onnx(),
                file.sample());
    }

    private static Failure refused(
            Status.Code code, String reason, String message, ModelSignature signature, byte[] onnx, SampleRows sample) {
        Failure failure = assertRefused(code, reason, () -> imported("refused", signature, onnx, sample));
        assertThat(failure.message()).contains(message);
        assertRefused(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", () -> download("refused"));
        return failure;
    }

    private static byte[] changed(ForeignFile file, Consumer<ModelProto.Builder> change) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(file.onnx()).toBuilder();
            change.accept(model);
            return model.build().toByteArray();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
