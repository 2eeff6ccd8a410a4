package io.foresell.benchmarks.model;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a graph so that all numbers of a row come in one tensor. A runtime pays for each of forty inputs; whoever calls
 * it for speed would not let it.
 */
final class OneTensor {
    private OneTensor() {}

    /**
     * Returns the graph with the first output of the given operator as its only input, and without what computed it.
     *
     * @param operator type of the first node after which all numbers of a row are together
     */
    static byte[] after(String operator, byte[] onnx, long... rowShape) {
        ModelProto.Builder model = parse(onnx).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        String value = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals(operator))
                .map(node -> node.getOutput(0))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("operator %s: not in the graph".formatted(operator)));
        keepWhatNeeds(value, graph);
        graph.clearInput().addInput(input(value, rowShape));
        return model.build().toByteArray();
    }

    private static ModelProto parse(byte[] onnx) {
        try {
            return ModelProto.parseFrom(onnx);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a graph that was just written cannot be read", e);
        }
    }

    /** Drops every node and constant from which the output cannot be reached without passing the value. */
    private static void keepWhatNeeds(String value, GraphProto.Builder graph) {
        Set<String> needed = new HashSet<>(Set.of(graph.getOutput(0).getName()));
        List<NodeProto> nodes = new ArrayList<>(graph.getNodeList());
        List<NodeProto> kept = new ArrayList<>();
        Collections.reverse(nodes);
        for (NodeProto node : nodes) {
            if (!node.getOutputList().contains(value)
                    && node.getOutputList().stream().anyMatch(needed::contains)) {
                kept.add(node);
                needed.addAll(node.getInputList());
            }
        }
        Collections.reverse(kept);
        List<TensorProto> constants = graph.getInitializerList().stream()
                .filter(constant -> needed.contains(constant.getName()))
                .toList();
        graph.clearNode().addAllNode(kept).clearInitializer().addAllInitializer(constants);
    }

    private static ValueInfoProto input(String name, long... rowShape) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"));
        for (long length : rowShape) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(length));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(shape)))
                .build();
    }
}
