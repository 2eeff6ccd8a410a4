package io.foresell.training;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.proto.registry.v1.SignatureColumn;
import io.foresell.proto.registry.v1.SignatureInput;
import io.foresell.proto.registry.v1.SignatureOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An ONNX file of another library with rows and what that library answers: the files that the model module keeps. */
final class ForeignFile {
    private static final Path FOLDER = Path.of("..", "model", "src", "test", "resources", "foreign");

    private final byte[] onnx;
    private final Struct description;

    private ForeignFile(byte[] onnx, Struct description) {
        this.onnx = onnx;
        this.description = description;
    }

    static ForeignFile of(String name) {
        try {
            Struct.Builder description = Struct.newBuilder();
            JsonFormat.parser().merge(Files.readString(FOLDER.resolve(name + ".json")), description);
            return new ForeignFile(Files.readAllBytes(FOLDER.resolve(name + ".onnx")), description.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] onnx() {
        return onnx;
    }

    /** Returns what the file means, written out: a column per value, called after its input. */
    ModelSignature signature() {
        SignatureOutput.Builder output = SignatureOutput.newBuilder()
                .setName(field("output").getStringValue())
                .setColumn((int) field("column").getNumberValue())
                .setIsNegated(field("sign").getNumberValue() < 0);
        list("labels").forEach(label -> output.addLabels(label.getStringValue()));
        ModelSignature.Builder signature = ModelSignature.newBuilder()
                .setTask(field("task").getStringValue())
                .setOutput(output);
        for (Value input : list("inputs")) {
            var fields = input.getStructValue().getFieldsMap();
            String name = fields.get("name").getStringValue();
            SignatureInput.Builder columns = SignatureInput.newBuilder().setName(name);
            columnsOf(name, (int) fields.get("columns").getNumberValue())
                    .forEach(column ->
                            columns.addColumns(SignatureColumn.newBuilder().setName(column)));
            signature.addInputs(columns);
        }
        return signature.build();
    }

    private static List<String> columnsOf(String input, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(count == 1 ? input : input + "_" + i);
        }
        return names;
    }

    /** Returns the rows as a person would have them in a file. */
    SampleRows sample() {
        SampleRows.Builder sample = SampleRows.newBuilder();
        signature().getInputsList().forEach(input -> input.getColumnsList()
                .forEach(column -> sample.addColumns(column.getName())));
        for (Value row : list("rows")) {
            SampleRow.Builder cells = SampleRow.newBuilder();
            for (Value cell : row.getListValue().getValuesList()) {
                cells.addCells(
                        switch (cell.getKindCase()) {
                            case STRING_VALUE -> cell.getStringValue();
                            case NUMBER_VALUE -> Double.toString(cell.getNumberValue());
                            default -> "";
                        });
            }
            sample.addRows(cells);
        }
        return sample.build();
    }

    /** Returns the answers of the library, one list a row, more being better. */
    List<List<Double>> expected() {
        return list("expected").stream()
                .map(row -> row.getListValue().getValuesList().stream()
                        .map(Value::getNumberValue)
                        .toList())
                .toList();
    }

    private List<Value> list(String name) {
        return field(name).getListValue().getValuesList();
    }

    private Value field(String name) {
        return description.getFieldsOrThrow(name);
    }
}
