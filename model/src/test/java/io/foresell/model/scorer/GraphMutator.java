package io.foresell.model.scorer;

import com.google.protobuf.ByteString;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.AttributeProto.AttributeType;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.OperatorSetIdProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes a sound graph a little, so that it stays a file of the format but perhaps no sense is left. */
final class GraphMutator {
    private static final long[] INTEGERS = {
        -2,
        -1,
        0,
        1,
        2,
        3,
        4,
        7,
        8,
        100,
        1000,
        65_537,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final float[] FLOATS = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        Float.MIN_VALUE,
        1e30f,
        Float.MAX_VALUE
    };
    private static final String[] TEXTS = {
        "", "x", "NONE", "SOFTMAX", "LOGISTIC", "BRANCH_LT", "LEAF", "SUM", "AVERAGE", "\u0000", "一年"
    };

    private final Random random;

    GraphMutator(Random random) {
        this.random = random;
    }

    void mutate(ModelProto.Builder model) {
        GraphProto.Builder graph = model.getGraphBuilder();
        if (graph.getNodeCount() == 0 || graph.getInputCount() == 0 || graph.getOutputCount() == 0) {
            return;
        }
        switch (random.nextInt(15)) {
            case 0 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
            case 1 -> duplicateNode(graph);
            case 2 -> swapNodes(graph);
            case 3, 4 -> redirect(graph);
            case 5 -> node(graph).setOpType(node(graph).getOpType());
            case 6, 7 -> attribute(graph);
            case 8, 9 -> tensor(graph);
            case 10 -> input(graph);
            case 11 -> output(graph);
            case 12 -> opset(model);
            case 13 -> ends(node(graph), graph);
            default -> duplicateTensor(graph);
        }
    }

    private NodeProto.Builder node(GraphProto.Builder graph) {
        return graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
    }

    private void duplicateNode(GraphProto.Builder graph) {
        NodeProto.Builder copy = node(graph).build().toBuilder();
        if (random.nextBoolean()) {
            for (int i = 0; i < copy.getOutputCount(); i++) {
                copy.setOutput(i, copy.getOutput(i) + "_copy");
            }
        }
        graph.addNode(random.nextInt(graph.getNodeCount() + 1), copy);
    }

    private void swapNodes(GraphProto.Builder graph) {
        int one = random.nextInt(graph.getNodeCount());
        int other = random.nextInt(graph.getNodeCount());
        NodeProto first = graph.getNode(one);
        graph.setNode(one, graph.getNode(other)).setNode(other, first);
    }

    /** Returns the name of any value. */
    private String value(GraphProto.Builder graph) {
        List<String> names = new ArrayList<>(List.of("", "nowhere"));
        graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
        graph.getInitializerList().forEach(tensor -> names.add(tensor.getName()));
        graph.getInputList().forEach(input -> names.add(input.getName()));
        return names.get(random.nextInt(names.size()));
    }

    private void redirect(GraphProto.Builder graph) {
        NodeProto.Builder node = node(graph);
        if (node.getInputCount() > 0) {
            node.setInput(random.nextInt(node.getInputCount()), value(graph));
        }
    }

    private void ends(NodeProto.Builder node, GraphProto.Builder graph) {
        switch (random.nextInt(6)) {
            case 0 -> node.addInput(value(graph));
            case 1 -> node.addOutput("more");
            case 2 -> node.clearInput();
            case 3 -> node.clearOutput();
            case 4 -> node.setDomain(node.getDomain().isEmpty() ? "ai.onnx.ml" : "");
            default -> {
                if (node.getOutputCount() > 0) {
                    node.setOutput(random.nextInt(node.getOutputCount()), value(graph));
                }
            }
        }
    }

    private void attribute(GraphProto.Builder graph) {
        NodeProto.Builder node = node(graph);
        if (node.getAttributeCount() == 0) {
            NodeProto.Builder other = node(graph);
            if (other.getAttributeCount() > 0) {
                node.addAttribute(other.getAttribute(random.nextInt(other.getAttributeCount())));
            }
            return;
        }
        int place = random.nextInt(node.getAttributeCount());
        switch (random.nextInt(8)) {
            case 0 -> node.removeAttribute(place);
            case 1 -> node.addAttribute(node.getAttribute(place));
            case 2 -> node.getAttributeBuilder(place).setTypeValue(random.nextInt(12));
            case 3 -> resize(node.getAttributeBuilder(place));
            default -> change(node.getAttributeBuilder(place));
        }
    }

    private void resize(AttributeProto.Builder attribute) {
        if (attribute.getIntsCount() > 0) {
            List<Long> values = new ArrayList<>(attribute.getIntsList());
            attribute.clearInts().addAllInts(resized(values));
        } else if (attribute.getFloatsCount() > 0) {
            List<Float> values = new ArrayList<>(attribute.getFloatsList());
            attribute.clearFloats().addAllFloats(resized(values));
        } else if (attribute.getStringsCount() > 0) {
            List<ByteString> values = new ArrayList<>(attribute.getStringsList());
            attribute.clearStrings().addAllStrings(resized(values));
        } else {
            attribute.clearI().clearF().clearS();
        }
    }

    private <T> List<T> resized(List<T> values) {
        int place = random.nextInt(values.size());
        if (random.nextBoolean()) {
            values.remove(place);
        } else {
            values.add(place, values.get(random.nextInt(values.size())));
        }
        return random.nextInt(6) == 0 ? values.subList(0, values.size() / 2) : values;
    }

    private void change(AttributeProto.Builder attribute) {
        long integer = INTEGERS[random.nextInt(INTEGERS.length)];
        float number = FLOATS[random.nextInt(FLOATS.length)];
        ByteString text = ByteString.copyFromUtf8(TEXTS[random.nextInt(TEXTS.length)]);
        if (attribute.getIntsCount() > 0) {
            int place = random.nextInt(attribute.getIntsCount());
            long neighbour = attribute.getInts(random.nextInt(attribute.getIntsCount()));
            attribute.setInts(place, random.nextBoolean() ? neighbour : integer);
        } else if (attribute.getFloatsCount() > 0) {
            attribute.setFloats(random.nextInt(attribute.getFloatsCount()), number);
        } else if (attribute.getStringsCount() > 0) {
            int place = random.nextInt(attribute.getStringsCount());
            attribute.setStrings(
                    place,
                    random.nextBoolean() ? text : attribute.getStrings(random.nextInt(attribute.getStringsCount())));
        } else if (attribute.hasT()) {
            change(attribute.getTBuilder());
        } else if (attribute.getType() == AttributeType.INT) {
            attribute.setI(integer);
        } else if (attribute.getType() == AttributeType.FLOAT) {
            attribute.setF(number);
        } else {
            attribute.setS(text);
        }
    }

    private void tensor(GraphProto.Builder graph) {
        if (graph.getInitializerCount() > 0) {
            change(graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount())));
        }
    }

    private void change(TensorProto.Builder tensor) {
        switch (random.nextInt(9)) {
            case 0 -> {
                if (tensor.getDimsCount() > 1) {
                    long first = tensor.getDims(0);
                    tensor.setDims(0, tensor.getDims(1)).setDims(1, first);
                }
            }
            case 1 -> tensor.addDims(random.nextInt(3));
            case 2 -> {
                if (tensor.getDimsCount() > 0) {
                    tensor.setDims(random.nextInt(tensor.getDimsCount()), INTEGERS[random.nextInt(INTEGERS.length)]);
                }
            }
            case 3 -> tensor.setDataType(random.nextInt(24));
            case 4 -> tensor.addFloatData(1).addFloatData(2);
            case 5 -> tensor.clearFloatData().clearInt64Data().clearRawData();
            case 6 -> {
                if (tensor.getRawData().size() > 4) {
                    tensor.setRawData(tensor.getRawData().substring(random.nextInt(5)));
                }
            }
            default -> element(tensor);
        }
    }

    private void element(TensorProto.Builder tensor) {
        if (tensor.getInt64DataCount() > 0) {
            tensor.setInt64Data(
                    random.nextInt(tensor.getInt64DataCount()),
                    random.nextBoolean() ? random.nextInt(9) - 3 : INTEGERS[random.nextInt(INTEGERS.length)]);
        } else if (tensor.getFloatDataCount() > 0) {
            tensor.setFloatData(random.nextInt(tensor.getFloatDataCount()), FLOATS[random.nextInt(FLOATS.length)]);
        } else if (!tensor.getRawData().isEmpty()) {
            byte[] raw = tensor.getRawData().toByteArray();
            raw[random.nextInt(raw.length)] = (byte) random.nextInt(256);
            tensor.setRawData(ByteString.copyFrom(raw));
        }
    }

    private void duplicateTensor(GraphProto.Builder graph) {
        if (graph.getInitializerCount() > 0) {
            TensorProto.Builder copy = graph.getInitializer(random.nextInt(graph.getInitializerCount())).toBuilder();
            graph.addInitializer(random.nextBoolean() ? copy : copy.setName(value(graph)));
        }
    }

    private void input(GraphProto.Builder graph) {
        int place = random.nextInt(graph.getInputCount());
        ValueInfoProto.Builder input = graph.getInputBuilder(place);
        TensorShapeProto.Builder shape =
                input.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
        switch (random.nextInt(6)) {
            case 0 -> graph.removeInput(place);
            case 1 -> graph.addInput(graph.getInput(place));
            case 2 -> input.setName(value(graph));
            case 3 -> input.getTypeBuilder().getTensorTypeBuilder().setElemType(random.nextInt(12));
            case 4 -> shape.addDimBuilder().setDimValue(INTEGERS[random.nextInt(INTEGERS.length)]);
            default -> {
                if (shape.getDimCount() > 1) {
                    shape.getDimBuilder(1).setDimValue(INTEGERS[random.nextInt(INTEGERS.length)]);
                }
            }
        }
    }

    private void output(GraphProto.Builder graph) {
        int place = random.nextInt(graph.getOutputCount());
        switch (random.nextInt(4)) {
            case 0 -> graph.removeOutput(place);
            case 1 -> graph.addOutput(graph.getOutput(place));
            default -> graph.setOutput(place, ValueInfoProto.newBuilder().setName(value(graph)));
        }
    }

    private void opset(ModelProto.Builder model) {
        long version = random.nextBoolean() ? 1 + random.nextInt(30) : INTEGERS[random.nextInt(INTEGERS.length)];
        switch (random.nextInt(4)) {
            case 0 -> model.setIrVersion(random.nextInt(20));
            case 1 -> model.addOpsetImport(OperatorSetIdProto.newBuilder()
                    .setDomain(TEXTS[random.nextInt(TEXTS.length)])
                    .setVersion(version));
            default -> {
                if (model.getOpsetImportCount() > 0) {
                    model.getOpsetImportBuilder(random.nextInt(model.getOpsetImportCount()))
                            .setVersion(version);
                }
            }
        }
    }
}
