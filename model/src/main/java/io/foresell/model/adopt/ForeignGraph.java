package io.foresell.model.adopt;

import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import io.foresell.model.scorer.GraphReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX file of another library, and what it takes and answers. Immutable. */
public final class ForeignGraph {
    private static final int MAX_LABELS = 1 << 20;

    private final ModelProto model;
    private final List<ForeignPort> inputs = new ArrayList<>();
    private final List<ForeignPort> outputs = new ArrayList<>();

    private ForeignGraph(ModelProto model) {
        this.model = model;
        Set<String> constants = new HashSet<>();
        model.getGraph().getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
        for (ValueInfoProto input : model.getGraph().getInputList()) {
            if (!constants.contains(input.getName())) {
                inputs.add(port(input));
            }
        }
        model.getGraph().getOutputList().forEach(output -> outputs.add(output(output)));
    }

    /**
     * Reads a file in bounded memory; what Foresell does not know of it (functions, subgraphs) is kept.
     *
     * @throws io.foresell.model.PackageException (BAD_GRAPH) when the bytes are no ONNX file
     */
    public static ForeignGraph inspect(byte[] onnx) {
        ModelProto model = GraphReader.parse(onnx);
        for (TensorProto tensor : model.getGraph().getInitializerList()) {
            if (tensor.getDataLocation() != 0) {
                throw ForeignPort.bad(
                        "tensor %s: data outside of the file (expected: inside)".formatted(tensor.getName()));
            }
        }
        return new ForeignGraph(model);
    }

    /** Returns what the graph takes, in its order, constants not counted. */
    public List<ForeignPort> inputs() {
        return List.copyOf(inputs);
    }

    /** Returns what the graph answers, in its order. Probabilities that a ZipMap makes a list of maps count as the tensor they were. */
    public List<ForeignPort> outputs() {
        return List.copyOf(outputs);
    }

    /** Returns the library that wrote the file, with its version, as the file says; may be empty. */
    public String producer() {
        return (model.getProducerName() + " " + model.getProducerVersion()).strip();
    }

    /** Returns the names of the operators, in order of first use; "domain.Name" outside of the default domain. */
    public List<String> operators() {
        return model.getGraph().getNodeList().stream()
                .map(node -> node.getDomain().isEmpty() ? node.getOpType() : node.getDomain() + "." + node.getOpType())
                .distinct()
                .toList();
    }

    /**
     * Rewrites the graph so that its inputs are columns and its only output is the answer. Standard operators of the graph's own
     * opset are put in front (Concat, Cast, Reshape) and behind (Cast, Reshape, Neg); nodes that the answer does not need are left
     * out.
     *
     * @throws IllegalArgumentException when the columns or the answer do not fit the graph
     */
    public AdoptedGraph adopt(Adoption adoption) {
        return new GraphAdopter(this, adoption).adopt();
    }

    ModelProto model() {
        return model;
    }

    ForeignPort input(String name) {
        return find(inputs, "input", name);
    }

    ForeignPort output(String name) {
        return find(outputs, "output", name);
    }

    private static ForeignPort find(List<ForeignPort> ports, String what, String name) {
        return ports.stream()
                .filter(port -> port.name().equals(name))
                .findFirst()
                .orElseThrow(() -> {
                    String known =
                            ports.stream().limit(20).map(ForeignPort::toString).collect(Collectors.joining("; "));
                    return new IllegalArgumentException("%s: %s (expected: one of %s)".formatted(what, name, known));
                });
    }

    /** Returns the ZipMap that makes a list of maps of a tensor, if that is what writes the value. */
    Optional<NodeProto> zipMap(String name) {
        return model.getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("ZipMap")
                        && node.getInputCount() == 1
                        && node.getOutputCount() == 1
                        && node.getOutput(0).equals(name))
                .findFirst();
    }

    private ForeignPort output(ValueInfoProto info) {
        Optional<NodeProto> zipMap = zipMap(info.getName());
        if (zipMap.isEmpty()) {
            return port(info);
        }
        List<String> labels = labels(zipMap.get());
        return new ForeignPort(info.getName(), Element.FLOAT, List.of(-1L, (long) labels.size()), labels);
    }

    private static List<String> labels(NodeProto zipMap) {
        List<String> labels = new ArrayList<>();
        for (AttributeProto attribute : zipMap.getAttributeList()) {
            if (attribute.getStringsCount() + attribute.getIntsCount() > MAX_LABELS) {
                throw ForeignPort.bad("class labels of ZipMap: above %d".formatted(MAX_LABELS));
            }
            attribute.getStringsList().forEach(text -> labels.add(text.toStringUtf8()));
            attribute.getIntsList().forEach(number -> labels.add(String.valueOf(number)));
        }
        return labels;
    }

    private static ForeignPort port(ValueInfoProto info) {
        TypeProto type = info.getType();
        if (!type.hasTensorType()) {
            return new ForeignPort(info.getName(), Element.SEQUENCE, null, List.of());
        }
        TypeProto.Tensor tensor = type.getTensorType();
        Element element = Element.of(tensor.getElemType());
        if (!tensor.hasShape()) {
            return new ForeignPort(info.getName(), element, null, List.of());
        }
        List<Long> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension dimension : tensor.getShape().getDimList()) {
            shape.add(dimension.hasDimValue() && dimension.getDimValue() > 0 ? dimension.getDimValue() : -1);
        }
        return new ForeignPort(info.getName(), element, shape, List.of());
    }

    /** Returns whether nodes carry graphs of their own, which may read any value by its name. */
    static boolean hasSubgraphs(GraphProto graph) {
        return graph.getNodeList().stream()
                .flatMap(node -> node.getAttributeList().stream())
                .anyMatch(attribute -> attribute.getType() == AttributeProto.AttributeType.GRAPH
                        || attribute.getType() == AttributeProto.AttributeType.GRAPHS);
    }
}
