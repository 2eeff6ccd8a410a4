package io.foresell.model.adopt;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The models of other libraries in the test resources; see {@code src/test/python/foreign_models.py}. */
public final class ForeignModels {
    private ForeignModels() {}

    /** One of them, with rows and what its own library answers. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Model(String name, byte[] onnx, Adoption adoption, List<List<Value>> rows, float[] expected) {
        /** Returns the rows in the order of a signature that the adopted graph has. */
        public Rows rows(Signature signature) {
            float[] numbers = new float[rows.size() * signature.numberWidth()];
            String[] texts = new String[rows.size() * signature.textWidth()];
            for (int row = 0; row < rows.size(); row++) {
                int column = 0;
                int number = row * signature.numberWidth();
                int text = row * signature.textWidth();
                for (InputField field : signature.inputs()) {
                    Value value = rows.get(row).get(column++);
                    if (field.kind() == InputKind.TEXT) {
                        texts[text++] = value.getStringValue();
                    } else {
                        numbers[number++] = value.hasNullValue() ? Float.NaN : (float) value.getNumberValue();
                    }
                }
            }
            return new Rows(rows.size(), numbers, texts);
        }
    }

    /** Returns the names of all models in order. */
    public static List<String> names() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".onnx"))
                    .map(file -> file.substring(0, file.length() - ".onnx".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        try {
            return Path.of(ForeignModels.class.getResource("/foreign").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads one of them. */
    public static Model read(String name) {
        try {
            Struct.Builder json = Struct.newBuilder();
            JsonFormat.parser().merge(Files.readString(folder().resolve(name + ".json"), StandardCharsets.UTF_8), json);
            return model(name, Files.readAllBytes(folder().resolve(name + ".onnx")), json.getFieldsMap());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(name, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Model model(String name, byte[] onnx, Map<String, Value> json) {
        Map<String, List<InputField>> columns = new LinkedHashMap<>();
        for (ForeignPort input : ForeignGraph.inspect(onnx).inputs()) {
            columns.put(input.name(), Adoption.columnsOf(input));
        }
        List<String> labels =
                list(json.get("labels")).stream().map(Value::getStringValue).toList();
        String task = json.get("task").getStringValue();
        Answer answer = new Answer(
                task.equals("scores") ? Task.RANKING : Task.valueOf(task.toUpperCase(Locale.ROOT)),
                json.get("output").getStringValue(),
                (int) json.get("column").getNumberValue(),
                labels);
        List<List<Value>> rows =
                list(json.get("rows")).stream().map(ForeignModels::list).toList();
        List<Float> expected = new ArrayList<>();
        for (Value row : list(json.get("expected"))) {
            list(row).forEach(value -> expected.add((float) value.getNumberValue()));
        }
        float[] floats = new float[expected.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = expected.get(i);
        }
        Adoption adoption = new Adoption(columns, answer, json.get("sign").getNumberValue() < 0);
        return new Model(name, onnx, adoption, rows, floats);
    }

    private static List<Value> list(Value value) {
        ListValue list = value.getListValue();
        return list.getValuesList();
    }

    /** ONNX Runtime lowers texts by a locale of the machine, en_US unless told; every machine has this one. */
    static byte[] withLocale(byte[] onnx) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            for (NodeProto.Builder node : model.getGraphBuilder().getNodeBuilderList()) {
                if (node.getOpType().equals("StringNormalizer")) {
                    node.addAttribute(AttributeProto.newBuilder()
                            .setName("locale")
                            .setType(AttributeProto.AttributeType.STRING)
                            .setS(ByteString.copyFromUtf8("C.UTF-8")));
                }
            }
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
