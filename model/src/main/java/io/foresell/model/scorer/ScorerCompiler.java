package io.foresell.model.scorer;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns an ONNX graph into a scorer over flat arrays. */
public final class ScorerCompiler {
    private ScorerCompiler() {}

    /**
     * Compiles what a graph needs for its answer: the output that the answer names, or the graph's only one. The graph's inputs
     * have the names and kinds of the signature.
     *
     * @throws UnsupportedOperatorException when an operator does not compile: try another engine
     * @throws io.foresell.model.PackageException (BAD_GRAPH) when the graph contradicts itself
     */
    public static Scorer compile(byte[] onnx, Signature signature, Answer answer, Background background) {
        background.requireShape(signature);
        ModelProto model = GraphReader.read(onnx);
        GraphProto graph = model.getGraph();
        PlanBuilder plan = new PlanBuilder(signature);
        plan.setOpset(GraphReader.opset(model));
        Set<String> constants = new HashSet<>();
        for (TensorProto tensor : graph.getInitializerList()) {
            constants.add(tensor.getName());
            plan.define(tensor.getName(), GraphReader.constant(tensor));
        }
        defineInputs(graph, constants, plan);
        Set<String> given = new HashSet<>(constants);
        signature.inputs().forEach(field -> given.add(field.name()));
        Liveness liveness = new Liveness(graph, given, outputName(graph, answer));
        plan.countReaders(liveness::readers);
        for (NodeProto node : graph.getNodeList()) {
            if (liveness.isLive(node)) {
                compile(node, liveness, plan);
            }
        }
        Value.Floats output = output(outputName(graph, answer), answer, plan);
        plan.finish();
        return new CompiledScorer(plan, answer, output, background);
    }

    private static void defineInputs(GraphProto graph, Set<String> constants, PlanBuilder plan) {
        Signature signature = plan.signature();
        for (ValueInfoProto input : graph.getInputList()) {
            if (constants.contains(input.getName())) {
                continue; // IR 3 lists constants among the inputs.
            }
            if (!signature.contains(input.getName())) {
                throw BadGraph.of("input %s: not in the signature (expected: one of its inputs)", input.getName());
            }
            int index = signature.indexOf(input.getName());
            plan.defineInput(index, inputShape(input, signature.inputs().get(index)));
        }
        for (InputField field : signature.inputs()) {
            if (plan.find(field.name()) == null) {
                throw BadGraph.of("input %s: missing (expected: every input of the signature)", field.name());
            }
        }
    }

    private static int[] inputShape(ValueInfoProto input, InputField field) {
        TypeProto.Tensor type = input.getType().getTensorType();
        TensorProto.DataType expected =
                field.kind() == InputKind.TEXT ? TensorProto.DataType.STRING : TensorProto.DataType.FLOAT;
        if (type.getElemType() != expected.getNumber()) {
            throw BadGraph.of("input %s: element type %d (expected: %s)", field.name(), type.getElemType(), expected);
        }
        List<TensorShapeProto.Dimension> dimensions = type.getShape().getDimList();
        int[] shape = new int[Math.max(1, dimensions.size())];
        shape[0] = 1;
        for (int i = 1; i < shape.length; i++) {
            long length = dimensions.get(i).getDimValue();
            if (length < 1 || length > InputField.MAX_WIDTH) {
                throw BadGraph.of(
                        "input %s: dimension %d is %d (expected: 1..%d)",
                        field.name(), i, length, InputField.MAX_WIDTH);
            }
            shape[i] = (int) length;
        }
        if (Shapes.size(shape) != field.width()) {
            throw BadGraph.of(
                    "input %s: %d values a row (expected: %d)", field.name(), Shapes.size(shape), field.width());
        }
        return shape;
    }

    private static void compile(NodeProto proto, Liveness liveness, PlanBuilder plan) {
        List<@Nullable Value> inputs = new ArrayList<>();
        for (String name : proto.getInputList()) {
            Value value = name.isEmpty() ? null : plan.find(name);
            if (value == null && !name.isEmpty()) {
                throw new IllegalStateException("value %s: live but not defined by its writer".formatted(name));
            }
            inputs.add(value);
            plan.inspect(value == null ? 1 : value.size());
        }
        GraphNode node = new GraphNode(proto, inputs, liveness::isLive);
        Operators.Operator operator = Operators.find(node.operator());
        if (operator == null) {
            throw node.unsupported("unknown");
        }
        if (!node.operator().equals("Reshape") && proto.getInputList().stream().anyMatch(plan::isStacked)) {
            throw node.unsupported("a concatenation of batches as input");
        }
        if (!ConstantFolding.fold(proto, inputs, liveness::isLive, operator, plan)) {
            operator.compile(node, plan);
        }
    }

    private static String outputName(GraphProto graph, Answer answer) {
        List<String> names =
                graph.getOutputList().stream().map(ValueInfoProto::getName).toList();
        if (names.contains(answer.output())) {
            return answer.output();
        }
        if (names.size() != 1) {
            throw BadGraph.of("outputs: %s (expected: %s, or a single one)", names, answer.output());
        }
        return names.get(0);
    }

    private static Value.Floats output(String name, Answer answer, PlanBuilder plan) {
        if (plan.isStacked(name)) {
            throw new UnsupportedOperatorException("Concat", "a concatenation of batches as output");
        }
        Value found = plan.find(name);
        Value value = found instanceof EncodedColumns columns ? columns.floats() : found;
        if (!(value instanceof Value.Floats floats)) {
            throw BadGraph.of("output %s: not computed from a row (expected: computed floats)", name);
        }
        if (floats.size() < answer.firstColumn() + answer.width()) {
            throw BadGraph.of(
                    "output %s: %d values a row (expected: %d from column %d on)",
                    name, floats.size(), answer.width(), answer.firstColumn());
        }
        return floats;
    }
}
