package io.foresell.model.scorer;

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
import java.util.Arrays;
import java.util.List;

/** A graph of a few nodes, written attribute by attribute, for tests of single operators. */
final class NodeGraph {
    private final Signature signature;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("nodes");
    private int opset = 17;
    private int mlOpset = 3;

    NodeGraph(Signature signature) {
        this.signature = signature;
        for (InputField field : signature.inputs()) {
            graph.addInput(value(
                    field.name(),
                    field.kind() == InputKind.TEXT ? TensorProto.DataType.STRING : TensorProto.DataType.FLOAT,
                    field.width()));
        }
    }

    /** Returns a graph of one input "x" of so many columns. */
    static NodeGraph ofColumns(int columns) {
        return new NodeGraph(Signature.of(List.of(InputField.sequence("x", columns))));
    }

    Signature signature() {
        return signature;
    }

    NodeGraph opset(int version) {
        opset = version;
        return this;
    }

    NodeGraph mlOpset(int version) {
        mlOpset = version;
        return this;
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, int width) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam("N");
        if (width > 0) {
            shape.addDimBuilder().setDimValue(width);
        }
        TypeProto.Tensor.Builder tensor = TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(width < 0 ? tensor : tensor.setShape(shape)))
                .build();
    }

    /** Adds a node; "domain.Operator" or "Operator", inputs "a b", outputs "c d". */
    NodeGraph node(String operator, String inputs, String outputs, AttributeProto... attributes) {
        int dot = operator.lastIndexOf('.');
        graph.addNode(NodeProto.newBuilder()
                .setDomain(dot < 0 ? "" : operator.substring(0, dot))
                .setOpType(operator.substring(dot + 1))
                .addAllInput(Arrays.asList(inputs.split(" ")))
                .addAllOutput(Arrays.asList(outputs.split(" ")))
                .addAllAttribute(Arrays.asList(attributes)));
        return this;
    }

    NodeGraph ml(String operator, String inputs, String outputs, AttributeProto... attributes) {
        return node("ai.onnx.ml." + operator, inputs, outputs, attributes);
    }

    NodeGraph constant(String name, float[] values, long... shape) {
        TensorProto.Builder tensor = tensor(name, TensorProto.DataType.FLOAT, shape);
        for (float value : values) {
            tensor.addFloatData(value);
        }
        graph.addInitializer(tensor);
        return this;
    }

    NodeGraph constant(String name, long[] values, long... shape) {
        TensorProto.Builder tensor = tensor(name, TensorProto.DataType.INT64, shape);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return this;
    }

    private static TensorProto.Builder tensor(String name, TensorProto.DataType type, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        return tensor;
    }

    /** Returns the bytes of the graph with one float output of any shape. */
    byte[] output(String name) {
        graph.addOutput(value(name, TensorProto.DataType.FLOAT, -1));
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain("ai.onnx.ml").setVersion(mlOpset))
                .addOpsetImport(OperatorSetIdProto.newBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    static AttributeProto integer(String name, long value) {
        return attribute(name, AttributeType.INT).setI(value).build();
    }

    static AttributeProto number(String name, float value) {
        return attribute(name, AttributeType.FLOAT).setF(value).build();
    }

    static AttributeProto text(String name, String value) {
        return attribute(name, AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto numbers(String name, float... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
        return attribute.build();
    }

    static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    static AttributeProto texts(String name, String... values) {
        return texts(name, Arrays.asList(values));
    }

    static AttributeProto texts(String name, List<String> values) {
        List<ByteString> bytes = new ArrayList<>();
        values.forEach(value -> bytes.add(ByteString.copyFromUtf8(value)));
        return attribute(name, AttributeType.STRINGS).addAllStrings(bytes).build();
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }
}
