package io.foresell.model.adopt;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One rewriting of a foreign graph. One use. */
final class GraphAdopter {
    // Of the default domain, for graphs that use ai.onnx.ml alone and need not say.
    private static final long OPSET = 13;

    private final ForeignGraph foreign;
    private final Adoption adoption;
    private final GraphProto old;
    private final Names names;
    private final Map<String, InputField> fields = new LinkedHashMap<>();
    private final List<NodeProto> front = new ArrayList<>();
    private final List<NodeProto> back = new ArrayList<>();
    private final List<TensorProto> constants = new ArrayList<>();

    GraphAdopter(ForeignGraph foreign, Adoption adoption) {
        this.foreign = foreign;
        this.adoption = adoption;
        this.old = foreign.model().getGraph();
        checkColumns();
        Set<String> renaming = new LinkedHashSet<>(fields.keySet());
        foreign.inputs().stream().filter(this::isDirect).forEach(input -> renaming.remove(input.name()));
        this.names = new Names(old, renaming);
    }

    @FormatMethod
    private static IllegalArgumentException misfit(@FormatString String format, Object... arguments) {
        return new IllegalArgumentException(format.formatted(arguments));
    }

    private void checkColumns() {
        adoption.columns().keySet().forEach(foreign::input);
        for (ForeignPort input : foreign.inputs()) {
            List<InputField> columns = columns(input);
            if (columns.isEmpty()) {
                throw misfit("input %s: no columns (expected: some for each input)", input);
            }
            checkShape(input, columns.stream().mapToLong(InputField::width).sum());
            for (InputField field : columns) {
                checkKind(input, field);
                InputField known = fields.putIfAbsent(field.name(), field);
                if (known != null && !known.equals(field)) {
                    throw misfit("column %s: given twice as %s and %s", field.name(), known, field);
                }
            }
        }
    }

    private static void checkShape(ForeignPort input, long width) {
        List<Long> shape = input.shape();
        if (shape == null || shape.isEmpty()) {
            throw misfit("input %s (expected: a shape [N, columns])", input);
        }
        if (shape.get(0) >= 0) {
            throw misfit("input %s: %d rows (expected: a first dimension that varies)", input, shape.get(0));
        }
        if (input.columns() < 0) {
            throw misfit("input %s (expected: fixed dimensions but the first)", input);
        }
        if (width != input.columns()) {
            throw misfit("input %s: columns of %d values (expected: %d)", input, width, input.columns());
        }
    }

    private static void checkKind(ForeignPort input, InputField field) {
        boolean isText = field.kind() == InputKind.TEXT;
        if (isText ? input.element() != Element.STRING : !input.element().isNumber()) {
            throw misfit("input %s: column %s is a %s", input, field.name(), field.kind());
        }
    }

    AdoptedGraph adopt() {
        foreign.inputs().forEach(this::bind);
        Answer answer = answer();
        GraphProto.Builder graph =
                old.toBuilder().clearNode().clearInput().clearOutput().clearInitializer();
        fields.values()
                .forEach(field -> graph.addInput(info(
                        field.name(), field.kind() == InputKind.TEXT ? Element.STRING : Element.FLOAT, field.width())));
        Set<String> tensors = new HashSet<>();
        for (TensorProto tensor : old.getInitializerList()) {
            tensors.add(tensor.getName());
            graph.addInitializer(tensor.toBuilder().setName(names.inner(tensor.getName())));
        }
        for (ValueInfoProto input : old.getInputList()) {
            if (tensors.contains(input.getName())) {
                graph.addInput(input.toBuilder().setName(names.inner(input.getName()))); // IR 3.
            }
        }
        graph.addAllInitializer(constants).addAllNode(front);
        old.getNodeList().forEach(node -> graph.addNode(names.renamed(node)));
        graph.addAllNode(back);
        graph.clearValueInfo(); // Hints that nobody needs.
        graph.addOutput(info(
                answer.output(),
                Element.FLOAT,
                foreign.output(adoption.answer().output()).columns()));
        if (!ForeignGraph.hasSubgraphs(old)) {
            prune(graph, answer.output());
        }
        ModelProto.Builder model = foreign.model().toBuilder().setGraph(graph);
        if (model.getOpsetImportList().stream()
                .allMatch(opset ->
                        !opset.getDomain().isEmpty() && !opset.getDomain().equals("ai.onnx"))) {
            model.addOpsetImportBuilder().setVersion(OPSET);
        }
        return new AdoptedGraph(model.build().toByteArray(), Signature.of(List.copyOf(fields.values())), answer);
    }

    private List<InputField> columns(ForeignPort input) {
        return adoption.columns().getOrDefault(input.name(), List.of());
    }

    /** Returns whether an input is one column already, by name, type and shape. */
    private boolean isDirect(ForeignPort input) {
        List<InputField> columns = columns(input);
        List<Long> shape = input.shape();
        return columns.size() == 1
                && columns.get(0).name().equals(input.name())
                && (input.element() == Element.FLOAT || input.element() == Element.STRING)
                && shape != null
                && shape.size() == 2;
    }

    /** Puts the nodes in front that make an input of its columns. */
    private void bind(ForeignPort input) {
        if (isDirect(input)) {
            return;
        }
        List<String> parts = columns(input).stream().map(InputField::name).toList();
        String value = parts.get(0);
        if (parts.size() > 1) {
            value = add(front, "Concat", parts, integer("axis", 1));
        }
        if (input.element() != Element.FLOAT && input.element() != Element.STRING) {
            value = add(
                    front, "Cast", List.of(value), integer("to", input.element().number()));
        }
        List<Long> shape = input.shape();
        if (shape != null && shape.size() != 2) {
            List<Long> wanted = new ArrayList<>(shape);
            wanted.set(0, -1L);
            value = add(front, "Reshape", List.of(value, constant(wanted)));
        }
        String inner = names.inner(input.name());
        if (!value.equals(inner)) {
            front.add(NodeProto.newBuilder()
                    .setOpType("Identity")
                    .addInput(value)
                    .addOutput(inner)
                    .build());
        }
    }

    /** Puts the nodes behind that make the answer of an output. */
    private Answer answer() {
        Answer wish = adoption.answer();
        ForeignPort output = foreign.output(wish.output());
        if (!output.element().isReal()) {
            throw misfit("output %s (expected: float or double, or a ZipMap)", output);
        }
        List<Long> shape = output.shape();
        int rank = shape == null ? 2 : shape.size();
        if (rank != 1 && rank != 2) {
            throw misfit("output %s (expected: [N] or [N, columns])", output);
        }
        String value = names.inner(
                foreign.zipMap(output.name()).map(node -> node.getInput(0)).orElse(output.name()));
        if (output.element() != Element.FLOAT) {
            value = add(back, "Cast", List.of(value), integer("to", Element.FLOAT.number()));
        }
        if (rank == 1) {
            value = add(back, "Reshape", List.of(value, constant(List.of(-1L, 1L))));
        }
        if (adoption.isNegated()) {
            value = add(back, "Neg", List.of(value));
        }
        return new Answer(wish.task(), value, wish.firstColumn(), wish.labels());
    }

    private String add(List<NodeProto> to, String operator, List<String> inputs, AttributeProto... attributes) {
        String output = names.fresh(operator);
        to.add(NodeProto.newBuilder()
                .setOpType(operator)
                .addAllInput(inputs)
                .addOutput(output)
                .addAllAttribute(List.of(attributes))
                .build());
        return output;
    }

    private String constant(List<Long> values) {
        String name = names.fresh("shape");
        constants.add(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64.getNumber())
                .addDims(values.size())
                .addAllInt64Data(values)
                .build());
        return name;
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static ValueInfoProto info(String name, Element element, long columns) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("N");
        TensorShapeProto.Dimension.Builder second = shape.addDimBuilder();
        if (columns >= 0) {
            second.setDimValue(columns);
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(element.number())
                                .setShape(shape)))
                .build();
    }

    /** Leaves out nodes and constants that the output does not need. */
    private static void prune(GraphProto.Builder graph, String output) {
        Map<String, NodeProto> writers = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(name -> writers.put(name, node));
        }
        Set<String> live = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(output));
        while (!open.isEmpty()) {
            String name = open.remove();
            NodeProto writer = live.add(name) ? writers.get(name) : null;
            if (writer != null) {
                open.addAll(writer.getInputList());
            }
        }
        List<NodeProto> nodes = graph.getNodeList().stream()
                .filter(node -> node.getOutputList().stream().anyMatch(name -> !name.isEmpty() && live.contains(name)))
                .toList();
        List<TensorProto> tensors = graph.getInitializerList().stream()
                .filter(tensor -> live.contains(tensor.getName()))
                .toList();
        graph.clearNode().addAllNode(nodes).clearInitializer().addAllInitializer(tensors);
    }
}
