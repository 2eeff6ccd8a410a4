package io.foresell.model.adopt;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One model of {@code src/test/python/real_data_models.py}: rows, what its library answers, and a file, parameters, or both. */
final class RealModel {
    private final Path folder;
    private final String name;
    private final Struct json;
    private final Rows rows;

    private RealModel(Path folder, String name, Struct json) {
        this.folder = folder;
        this.name = name;
        this.json = json;
        this.rows = readRows();
    }

    static RealModel read(Path folder, String name) throws IOException {
        Struct.Builder json = Struct.newBuilder();
        JsonFormat.parser().merge(Files.readString(folder.resolve(name + ".json"), StandardCharsets.UTF_8), json);
        return new RealModel(folder, name, json.build());
    }

    Rows rows() {
        return rows;
    }

    List<String> labels() {
        return values(json.getFieldsOrThrow("labels")).stream()
                .map(Value::getStringValue)
                .toList();
    }

    /** Returns what is known of the exporter, or nothing. */
    String known() {
        return json.getFieldsOrThrow("known").getStringValue();
    }

    /** Returns what our file cannot say of these parameters, or nothing. */
    String knownOfWritten() {
        return text(json.getFieldsOrThrow("written").getStructValue(), "known");
    }

    /** Returns the answers of the library, row-major, NaN for a row that it refuses. */
    double[] expected(int width) {
        double[] expected = new double[rows.rowCount() * width];
        List<Value> answers = values(json.getFieldsOrThrow("expected"));
        for (int row = 0; row < answers.size(); row++) {
            List<Value> ofRow = values(answers.get(row));
            for (int i = 0; i < width; i++) {
                expected[row * width + i] =
                        ofRow.isEmpty() ? Double.NaN : ofRow.get(i).getNumberValue();
            }
        }
        return expected;
    }

    /** Returns per row how large the terms are whose sum is the answer, 0 where that is not told. */
    double[] sizes() {
        double[] sizes = new double[rows.rowCount()];
        List<Value> told = values(json.getFieldsOrThrow("sizes"));
        for (int row = 0; row < told.size(); row++) {
            sizes[row] = told.get(row).getNumberValue();
        }
        return sizes;
    }

    boolean isExported() {
        return Files.exists(folder.resolve(name + ".onnx"));
    }

    AdoptedGraph adopted() throws IOException {
        byte[] onnx = Files.readAllBytes(folder.resolve(name + ".onnx"));
        Map<String, List<InputField>> columns = new LinkedHashMap<>();
        for (Value input : values(json.getFieldsOrThrow("inputs"))) {
            Struct described = input.getStructValue();
            boolean isText = text(described, "kind").equals("text");
            List<InputField> fields = new ArrayList<>();
            for (Value column : values(described.getFieldsOrThrow("columns"))) {
                fields.add(
                        isText ? InputField.text(column.getStringValue()) : InputField.number(column.getStringValue()));
            }
            columns.put(text(described, "name"), fields);
        }
        Answer answer = new Answer(
                Task.valueOf(text(json, "task").toUpperCase(Locale.ROOT)),
                text(json, "output"),
                (int) json.getFieldsOrThrow("column").getNumberValue(),
                labels());
        boolean isNegated = json.getFieldsOrThrow("sign").getNumberValue() < 0;
        return ForeignGraph.inspect(onnx).adopt(new Adoption(columns, answer, isNegated));
    }

    boolean isWritten() {
        return json.containsFields("written");
    }

    WrittenModel written() {
        return new WrittenModel(json.getFieldsOrThrow("written").getStructValue());
    }

    private Rows readRows() {
        List<Value> all = values(json.getFieldsOrThrow("rows"));
        List<Float> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        List<Boolean> isText = new ArrayList<>();
        for (Value input : values(json.getFieldsOrThrow("inputs"))) {
            Struct described = input.getStructValue();
            values(described.getFieldsOrThrow("columns"))
                    .forEach(column -> isText.add(text(described, "kind").equals("text")));
        }
        for (Value row : all) {
            List<Value> cells = values(row);
            for (int i = 0; i < cells.size(); i++) {
                if (isText.get(i)) {
                    texts.add(cells.get(i).getStringValue());
                } else {
                    numbers.add(number(cells.get(i)));
                }
            }
        }
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = numbers.get(i);
        }
        return new Rows(all.size(), floats, texts.toArray(new String[0]));
    }

    private static float number(Value cell) {
        return cell.hasNullValue()
                ? Float.NaN
                : cell.hasStringValue() ? Float.parseFloat(cell.getStringValue()) : (float) cell.getNumberValue();
    }

    private static String text(Struct struct, String field) {
        return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
    }

    private static List<Value> values(Value value) {
        ListValue list = value.getListValue();
        return list.getValuesList();
    }
}
