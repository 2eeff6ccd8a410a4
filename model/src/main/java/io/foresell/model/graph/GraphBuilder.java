package io.foresell.model.graph;

import com.google.protobuf.ByteString;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.AttributeProto.AttributeType;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.OperatorSetIdProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the nodes of one graph in topological order; hands out value names that are free. One use, one thread. The
 * layer below the writers of model families: it checks no operator's shapes.
 */
public final class GraphBuilder {
    /** The data type of 64-bit integers, for Cast. */
    public static final int INT64 = TensorProto.DataType.INT64_VALUE;

    private static final String ML = "ai.onnx.ml";
    // Opset 15, ai.onnx.ml 3, IR 8: the oldest that have all we write, so that older runtimes read it too.
    private static final long OPSET = 15;
    private static final long ML_OPSET = 3;
    private static final long IR = 8;
    // Opset 20, IR 9: the oldest that can split a text.
    private static final long TEXT_OPSET = 20;
    private static final long TEXT_IR = 9;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("foresell");
    private final Set<String> names = new HashSet<>();
    private final Map<String, Integer> nextSuffixes = new HashMap<>();
    private final @Nullable ModelProto before;
    private boolean splitsTexts;

    /** Starts a graph that reads these inputs. */
    public GraphBuilder(Signature signature) {
        before = null;
        signature.inputs().forEach(field -> names.add(field.name()));
        signature.inputs().forEach(field -> graph.addInput(input(field)));
    }

    /** Goes on with a graph that was ended before, at the versions it has. */
    GraphBuilder(ModelProto before) {
        this.before = before;
        graph.mergeFrom(before.getGraph());
        graph.getInputList().forEach(input -> names.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    }

    private static ValueInfoProto input(InputField field) {
        return value(
                field.name(),
                field.kind() == InputKind.TEXT ? TensorProto.DataType.STRING : TensorProto.DataType.FLOAT,
                field.width());
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, long width) {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width))
                .build();
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Returns the wish, or a longer name when an input or an earlier value has it. */
    private String fresh(String wish) {
        String name = wish;
        while (!names.add(name)) {
            name = wish + "_" + nextSuffixes.merge(wish, 1, Integer::sum);
        }
        return name;
    }

    /** Adds a node of the standard operators and returns the name of its output; an empty input is an absent one. */
    public String node(String operator, List<String> inputs, AttributeProto... attributes) {
        return add("", operator, inputs, attributes);
    }

    /** Adds a node of the ai.onnx.ml operators and returns the name of its output. */
    public String mlNode(String operator, List<String> inputs, AttributeProto... attributes) {
        return add(ML, operator, inputs, attributes);
    }

    private String add(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
        String output = fresh(operator);
        graph.addNode(start(domain, operator, inputs, attributes).addOutput(output));
        return output;
    }

    /** Adds a node of which only the second output is wanted, and returns its name. */
    public String secondOutput(String operator, List<String> inputs, AttributeProto... attributes) {
        String output = fresh(operator);
        graph.addNode(start("", operator, inputs, attributes).addOutput("").addOutput(output));
        return output;
    }

    private NodeProto.Builder start(String domain, String operator, List<String> inputs, AttributeProto... attributes) {
        return NodeProto.newBuilder()
                .setDomain(domain)
                .setOpType(operator)
                .setName(operator + "/" + graph.getNodeCount())
                .addAllInput(inputs)
                .addAllAttribute(List.of(attributes));
    }

    /** Adds constant floats of this shape, row-major, and returns their name. */
    public String constant(String wish, float[] values, long... shape) {
        TensorProto.Builder tensor = tensor(wish, TensorProto.DataType.FLOAT, shape);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** Adds a constant float without dimensions and returns its name. */
    String scalar(String wish, float value) {
        return constant(wish, new float[] {value});
    }

    /** Adds a list of constant integers and returns its name. */
    public String constant(String wish, long... values) {
        TensorProto.Builder tensor = tensor(wish, TensorProto.DataType.INT64, values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** Adds one constant integer, of shape [], and returns its name. */
    public String scalar(String wish, long value) {
        TensorProto.Builder tensor = tensor(wish, TensorProto.DataType.INT64).addInt64Data(value);
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    private TensorProto.Builder tensor(String wish, TensorProto.DataType type, long... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(fresh(wish)).setDataType(type.getNumber());
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        return tensor;
    }

    /** Joins values along axis 1; a single one stays as it is. */
    public String concat(List<String> values) {
        return values.size() == 1 ? values.get(0) : node("Concat", values, integer("axis", 1));
    }

    /**
     * Multiplies [N, inputs] by weights and adds a bias.
     *
     * @param weights row-major, shape [outputs, inputs]
     * @param bias shape [outputs]
     */
    public String dense(String input, float[] weights, float[] bias) {
        String matrix = constant("weights", weights, bias.length, weights.length / bias.length);
        String offset = constant("bias", bias, bias.length);
        return node("Gemm", List.of(input, matrix, offset), integer("transB", 1));
    }

    /** Returns one column of [N, columns] as [N, 1]. */
    String column(String value, int column) {
        return node("Gather", List.of(value, constant("column", (long) column)), integer("axis", 1));
    }

    /** Returns truth values or integers as floats. */
    String toFloat(String value) {
        return node("Cast", List.of(value), integer("to", TensorProto.DataType.FLOAT.getNumber()));
    }

    /** Splits every text [N, 1] at a delimiter; returns the pieces [N, 1, most] and their number [N, 1]. */
    List<String> split(String texts, String delimiter) {
        splitsTexts = true;
        List<String> outputs = List.of(fresh("StringSplit"), fresh("StringSplit_count"));
        graph.addNode(start("", "StringSplit", List.of(texts), text("delimiter", delimiter))
                .addAllOutput(outputs));
        return outputs;
    }

    /** Adds the nodes of both outputs of TopK along the last dimension: values, and indexes as 64-bit integers. */
    List<String> top(String values, int count) {
        List<String> outputs = List.of(fresh("TopK_values"), fresh("TopK_indexes"));
        graph.addNode(start("", "TopK", List.of(values, constant("top_count", (long) count)))
                .addAllOutput(outputs));
        return outputs;
    }

    /** Makes a value an output [N, width] under a name, or a longer one when an input has it; returns that name. */
    String output(String value, String wish, TensorProto.DataType type, int width) {
        String name = fresh(wish);
        if (!rename(value, name)) {
            graph.addNode(start("", "Identity", List.of(value)).addOutput(name));
        }
        graph.addOutput(value(name, type, width));
        return name;
    }

    /** Renames the output of a node; returns false when the value is an input. */
    private boolean rename(String from, String to) {
        boolean isFound = false;
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getInputCount(); i++) {
                if (isFound && node.getInput(i).equals(from)) {
                    node.setInput(i, to);
                }
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(from)) {
                    node.setOutput(i, to);
                    isFound = true;
                }
            }
        }
        return isFound;
    }

    /** Ends the graph: calibration, sigmoid, output "probability" [N, 1]. */
    public byte[] finish(String logOdds, Calibration calibration) {
        return Head.binary(calibration).finish(this, logOdds, 1);
    }

    /** Ends the graph; it has its outputs. */
    byte[] finish() {
        if (before != null) {
            return before.toBuilder().setGraph(graph).build().toByteArray();
        }
        return ModelProto.newBuilder()
                .setIrVersion(splitsTexts ? TEXT_IR : IR)
                .setProducerName("foresell")
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("").setVersion(splitsTexts ? TEXT_OPSET : OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(ML).setVersion(ML_OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    /** Returns an integer attribute. */
    public static AttributeProto integer(String name, long value) {
        return attribute(name, AttributeType.INT).setI(value).build();
    }

    /** Returns an attribute of integers. */
    public static AttributeProto integers(String name, List<Long> values) {
        return attribute(name, AttributeType.INTS).addAllInts(values).build();
    }

    /** Returns an attribute of integers. */
    public static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    /** Returns a float attribute. */
    public static AttributeProto number(String name, float value) {
        return attribute(name, AttributeType.FLOAT).setF(value).build();
    }

    /** Returns an attribute of floats. */
    public static AttributeProto numbers(String name, List<Float> values) {
        return attribute(name, AttributeType.FLOATS).addAllFloats(values).build();
    }

    /** Returns a text attribute. */
    public static AttributeProto text(String name, String value) {
        return attribute(name, AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    /** Returns an attribute of texts. */
    public static AttributeProto texts(String name, List<String> values) {
        List<ByteString> bytes = new ArrayList<>();
        values.forEach(value -> bytes.add(ByteString.copyFromUtf8(value)));
        return attribute(name, AttributeType.STRINGS).addAllStrings(bytes).build();
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
