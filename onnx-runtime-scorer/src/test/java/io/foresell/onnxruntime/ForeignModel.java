package io.foresell.onnxruntime;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model of another library with rows and what that library answers: the files that the model module keeps. */
final class ForeignModel {
    private static final Path FOLDER = Path.of("..", "model", "src", "test", "resources", "foreign");

    private final byte[] onnx;
    private final Struct description;

    private ForeignModel(byte[] onnx, Struct description) {
        this.onnx = onnx;
        this.description = description;
    }

    static ForeignModel of(String name) {
        try {
            Struct.Builder description = Struct.newBuilder();
            JsonFormat.parser().merge(Files.readString(FOLDER.resolve(name + ".json")), description);
            return new ForeignModel(Files.readAllBytes(FOLDER.resolve(name + ".onnx")), description.build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] onnx() {
        return onnx;
    }

    Answer answer() {
        List<String> labels = new ArrayList<>();
        list("labels").forEach(label -> labels.add(label.getStringValue()));
        return new Answer(
                Task.of(field("task").getStringValue()),
                field("output").getStringValue(),
                (int) field("column").getNumberValue(),
                labels);
    }

    Signature signature() {
        return Signature.of(list("inputs").stream()
                .map(input -> {
                    var fields = input.getStructValue().getFieldsMap();
                    String name = fields.get("name").getStringValue();
                    return fields.get("kind").getStringValue().equals("string")
                            ? InputField.text(name)
                            : InputField.sequence(
                                    name, (int) fields.get("columns").getNumberValue());
                })
                .toList());
    }

    Rows rows() {
        Signature signature = signature();
        List<Float> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Value row : list("rows")) {
            for (Value cell : row.getListValue().getValuesList()) {
                if (cell.getKindCase() == Value.KindCase.STRING_VALUE) {
                    texts.add(cell.getStringValue());
                } else {
                    numbers.add(cell.hasNullValue() ? Float.NaN : (float) cell.getNumberValue());
                }
            }
        }
        float[] flat = new float[numbers.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = numbers.get(i);
        }
        Rows rows = new Rows(list("rows").size(), flat, texts.toArray(new String[0]));
        rows.requireShape(signature);
        return rows;
    }

    /** Returns the answers of the library, one list a row. */
    List<List<Double>> expected() {
        return list("expected").stream()
                .map(row -> row.getListValue().getValuesList().stream()
                        .map(Value::getNumberValue)
                        .toList())
                .toList();
    }

    private List<Value> list(String name) {
        ListValue list = field(name).getListValue();
        return list.getValuesList();
    }

    private Value field(String name) {
        return description.getFieldsOrThrow(name);
    }
}
