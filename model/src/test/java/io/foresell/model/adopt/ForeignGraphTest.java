package io.foresell.model.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.Task;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a foreign file takes and answers is told; columns and answers that do not fit it are refused with the reason. */
class ForeignGraphTest {
    private static final Answer POSITIVE = new Answer(Task.BINARY, "probabilities", 1, List.of());

    private static ForeignGraph graph(String name) {
        return ForeignGraph.inspect(ForeignModels.read(name).onnx());
    }

    private static Map<String, List<InputField>> columns(ForeignGraph graph) {
        Map<String, List<InputField>> columns = new LinkedHashMap<>();
        graph.inputs().forEach(input -> columns.put(input.name(), Adoption.columnsOf(input)));
        return columns;
    }

    private static ForeignGraph edited(String name, Consumer<GraphProto.Builder> edit) {
        try {
            ModelProto.Builder model =
                    ModelProto.parseFrom(ForeignModels.read(name).onnx()).toBuilder();
            edit.accept(model.getGraphBuilder());
            return ForeignGraph.inspect(model.build().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertMisfit(
            ForeignGraph graph, Map<String, List<InputField>> columns, Answer answer, String message) {
        assertThatThrownBy(() -> graph.adopt(new Adoption(columns, answer, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tellsWhatAFileTakesAndAnswers() {
        ForeignGraph graph = graph("pipeline_zipmap");
        assertThat(graph.inputs())
                .extracting(ForeignPort::toString)
                .containsExactly(
                        "age: float [?, 1]",
                        "spend: float [?, 1]",
                        "visits: float [?, 1]",
                        "city: string [?, 1]",
                        "plan: string [?, 1]");
        assertThat(graph.output("output_probability").labels()).containsExactly("0", "1");
        assertThat(graph.output("output_probability").columns()).isEqualTo(2);
        assertThat(graph.output("output_label").element()).isEqualTo(Element.INT64);
        assertThat(graph.operators()).contains("ai.onnx.ml.ZipMap", "Concat");
        assertThat(graph("logistic_named_zipmap").output("output_probability").labels())
                .containsExactly("setosa", "versicolor", "virginica");
        assertThat(graph("pipeline_integers_one_hot").inputs().get(0).element()).isEqualTo(Element.INT64);
        assertThat(graph("logistic_double").inputs().get(0).element()).isEqualTo(Element.DOUBLE);
    }

    @Test
    void keepsTheNamesOfColumnsAndRenamesInnerValues() throws InvalidProtocolBufferException {
        ForeignGraph graph = graph("logistic_binary");
        List<InputField> fields = new ArrayList<>();
        for (String name : List.of("label", "probabilities", "input", "Concat", "a", "b", "c", "d")) {
            fields.add(InputField.number(name));
        }
        AdoptedGraph adopted = graph.adopt(new Adoption(Map.of("input", fields), POSITIVE, false));
        assertThat(adopted.signature().inputs()).isEqualTo(fields);
        assertThat(adopted.answer().output()).isEqualTo("probabilities_");
        GraphProto written = ModelProto.parseFrom(adopted.onnx()).getGraph();
        assertThat(written.getInputList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("label", "probabilities", "input", "Concat", "a", "b", "c", "d");
        assertThat(written.getOutputList()).hasSize(1);
    }

    @Test
    void takesASequenceAsSeveralColumns() {
        ForeignGraph graph = graph("logistic_binary");
        AdoptedGraph adopted = graph.adopt(new Adoption(
                Map.of("input", List.of(InputField.number("first"), InputField.sequence("rest", 7))), POSITIVE, false));
        assertThat(adopted.signature().numberWidth()).isEqualTo(8);
    }

    @Test
    void refusesColumnsThatDoNotFit() {
        ForeignGraph graph = graph("pipeline_zipmap");
        Answer answer = new Answer(Task.BINARY, "output_probability", 1, List.of());
        Map<String, List<InputField>> unknown = columns(graph);
        unknown.put("income", List.of(InputField.number("income")));
        assertMisfit(graph, unknown, answer, "input: income (expected: one of age: float");
        Map<String, List<InputField>> fewer = columns(graph);
        fewer.remove("spend");
        assertMisfit(graph, fewer, answer, "input spend: float [?, 1]: no columns");
        Map<String, List<InputField>> wide = columns(graph);
        wide.put("age", List.of(InputField.number("a"), InputField.number("b")));
        assertMisfit(graph, wide, answer, "columns of 2 values (expected: 1)");
        Map<String, List<InputField>> text = columns(graph);
        text.put("age", List.of(InputField.text("age")));
        assertMisfit(graph, text, answer, "column age is a TEXT");
        Map<String, List<InputField>> twice = columns(graph);
        twice.put("city", List.of(InputField.text("age")));
        assertMisfit(graph, twice, answer, "column age: given twice");
    }

    @Test
    void refusesAnswersThatDoNotFit() {
        ForeignGraph graph = graph("pipeline_zipmap");
        assertMisfit(graph, columns(graph), POSITIVE, "output: probabilities (expected: one of output_label: int64");
        Answer label = new Answer(Task.REGRESSION, "output_label", 0, List.of());
        assertMisfit(graph, columns(graph), label, "output output_label: int64 [?] (expected: float or double");
        ForeignGraph sequence = edited("pipeline_zipmap", nodes -> nodes.getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals("ZipMap"))
                .forEach(node -> node.setOpType("SequenceConstruct").setDomain("")));
        Answer probability = new Answer(Task.BINARY, "output_probability", 1, List.of());
        assertMisfit(sequence, columns(sequence), probability, "output_probability: sequence");
    }

    @Test
    void refusesShapesThatAreNotRowsOfColumns() {
        ForeignGraph batch =
                edited("logistic_binary", graph -> dimension(graph, 0).setDimValue(1));
        assertMisfit(batch, Map.of("input", List.of(InputField.sequence("x", 8))), POSITIVE, "1 rows");
        ForeignGraph open =
                edited("logistic_binary", graph -> dimension(graph, 1).setDimParam("width"));
        assertMisfit(open, Map.of("input", List.of(InputField.sequence("x", 8))), POSITIVE, "fixed dimensions");
        ForeignGraph none = edited("logistic_binary", graph -> graph.getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .clearShape());
        assertMisfit(none, Map.of("input", List.of(InputField.sequence("x", 8))), POSITIVE, "a shape [N, columns]");
    }

    private static TensorShapeProto.Dimension.Builder dimension(GraphProto.Builder graph, int axis) {
        return graph.getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(axis);
    }

    @Test
    void refusesBytesThatAreNoGraph() {
        assertThatThrownBy(() -> ForeignGraph.inspect(new byte[0]))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("0 nodes");
        byte[] onnx = ForeignModels.read("forest_classifier").onnx();
        Random random = new Random(1);
        int refused = 0;
        for (int draw = 0; draw < 3000; draw++) {
            byte[] broken = onnx.clone();
            for (int i = 0; i <= random.nextInt(4); i++) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                ForeignGraph graph = ForeignGraph.inspect(broken);
                graph.adopt(new Adoption(columns(graph), POSITIVE, false));
            } catch (PackageException | IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 2999);
    }

    @Test
    void refusesMillionsOfUnknownFields() {
        byte[] bytes = new byte[20 << 20];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = 0x78; // Field 15, a varint.
        }
        assertThatThrownBy(() -> ForeignGraph.inspect(bytes))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("too many");
    }
}
