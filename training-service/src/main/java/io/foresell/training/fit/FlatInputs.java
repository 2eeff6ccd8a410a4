package io.foresell.training.fit;

import com.google.protobuf.InvalidProtocolBufferException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets families without sequences read them as so many numbers: rows have the same layout either way, only the graph's
 * inputs differ. A step is written as an input of its own and put back into its sequence afterwards.
 */
final class FlatInputs {
    // No feature name holds a control character.
    private static final char STEP = '\u0001';

    private FlatInputs() {}

    /** Returns the name of one step; of a single number, its own. */
    static String stepName(InputField field, int step) {
        return field.width() == 1 ? field.name() : field.name() + STEP + step;
    }

    /** Returns the graph with the inputs of the signature instead of their steps. */
    static byte[] restore(byte[] onnx, Signature signature) {
        if (signature.inputs().stream().allMatch(field -> field.width() == 1)) {
            return onnx;
        }
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            restore(model.getGraphBuilder(), signature);
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a graph that was just written cannot be read", e);
        }
    }

    private static void restore(GraphProto.Builder graph, Signature signature) {
        Map<String, String> sequenceByStep = new HashMap<>();
        graph.clearInput();
        for (InputField field : signature.inputs()) {
            graph.addInput(input(field));
            for (int step = 0; field.width() > 1 && step < field.width(); step++) {
                sequenceByStep.put(stepName(field, step), field.name());
            }
        }
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            List<String> inputs = new ArrayList<>();
            for (String name : node.getInputList()) {
                String sequence = sequenceByStep.getOrDefault(name, name);
                boolean isNextStep = sequenceByStep.containsKey(name)
                        && !inputs.isEmpty()
                        && inputs.get(inputs.size() - 1).equals(sequence);
                if (!isNextStep) {
                    inputs.add(sequence);
                }
            }
            node.clearInput().addAllInput(inputs);
        }
    }

    private static ValueInfoProto input(InputField field) {
        TensorProto.DataType type =
                field.kind() == InputKind.TEXT ? TensorProto.DataType.STRING : TensorProto.DataType.FLOAT;
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(field.width()))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(field.name())
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }
}
