package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Graphs that lie are refused with the reason; graphs we merely do not know name the operator. */
class HostileGraphTest {
    private final RandomModels models = new RandomModels(5);
    private final Preprocessing linear = models.tabular(false);
    private final byte[] logistic = models.logistic(linear);

    private static byte[] edited(byte[] onnx, Consumer<GraphProto.Builder> edit) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            edit.accept(model.getGraphBuilder());
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static NodeProto.Builder node(GraphProto.Builder graph, String operator) {
        return graph.getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals(operator))
                .findFirst()
                .orElseThrow();
    }

    private static AttributeProto.Builder attribute(NodeProto.Builder node, String name) {
        return node.getAttributeBuilderList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertRefused(byte[] onnx, Signature signature, String message) {
        PackageException refusal = catchThrowableOfType(
                PackageException.class, () -> ScorerCompiler.compile(onnx, signature, Background.missing(signature)));
        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(Reason.BAD_GRAPH);
    }

    @Test
    void refusesCycle() {
        byte[] onnx = edited(logistic, graph -> node(graph, "Gemm")
                .setInput(0, graph.getOutput(0).getName()));
        assertRefused(onnx, linear.signature(), "no cycle");
    }

    @Test
    void refusesWeightsThatAreNotFinite() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            byte[] onnx =
                    edited(logistic, graph -> graph.getInitializerBuilder(0).setFloatData(0, value));
            assertRefused(onnx, linear.signature(), "finite");
        }
        byte[] scaler = edited(
                logistic, graph -> attribute(node(graph, "Scaler"), "scale").setFloats(0, Float.NaN));
        assertRefused(scaler, linear.signature(), "scale[0]");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        byte[] onnx = edited(logistic, graph -> graph.getInitializerBuilder(0).setDims(1, 7777));
        assertRefused(onnx, linear.signature(), "values (expected: ");
        byte[] huge = edited(logistic, graph -> graph.getInitializerBuilder(0)
                .setDims(0, Integer.MAX_VALUE)
                .setDims(1, Integer.MAX_VALUE));
        assertRefused(huge, linear.signature(), "at most");
        byte[] outside =
                edited(logistic, graph -> graph.getInitializerBuilder(0).setDataLocation(1));
        assertRefused(outside, linear.signature(), "outside");
    }

    @Test
    void refusesInputsThatAreNotTheSignature() {
        Signature other = Signature.of(List.of(InputField.number("other")));
        assertRefused(logistic, other, "not in the signature");
        List<InputField> more = new ArrayList<>(linear.signature().inputs());
        more.add(InputField.number("more"));
        assertRefused(logistic, Signature.of(more), "input more: missing");
    }

    @Test
    void refusesNodesThatAreNoTree() {
        RandomModels random = new RandomModels(2);
        Preprocessing preprocessing = random.tabular(true);
        Signature signature = preprocessing.signature();
        byte[] trees = random.trees(preprocessing, 1, 3);
        assertRefused(treesWith(trees, "nodes_truenodeids", 0, 0), signature, "");
        assertRefused(treesWith(trees, "nodes_truenodeids", 0, 99), signature, "child 99");
        assertRefused(treesWith(trees, "nodes_featureids", 0, 99), signature, "feature 99");
        assertRefused(treesWith(trees, "nodes_nodeids", 1, 0), signature, "given twice");
        assertRefused(treesWith(trees, "target_nodeids", 0, 0), signature, "expected: a leaf");
        byte[] cut = edited(trees, graph -> attribute(node(graph, "TreeEnsembleRegressor"), "nodes_values")
                .clearFloats());
        assertRefused(cut, signature, "nodes_values: 0 values");
    }

    private static byte[] treesWith(byte[] onnx, String attribute, int index, long value) {
        return edited(onnx, graph -> attribute(node(graph, "TreeEnsembleRegressor"), attribute)
                .setInts(index, value));
    }

    @Test
    void refusesMemoryBeyondItsBound() {
        Signature signature = Signature.of(List.of(InputField.number("x")));
        Preprocessing preprocessing = new Preprocessing(List.of(NumberEncoding.standardized("x", 0, 1)));
        byte[] small = models.logistic(preprocessing);
        // Each Add doubles a broadcast dimension: 2^30 floats after thirty nodes of a hundred bytes.
        byte[] growing = edited(small, graph -> {
            String last = node(graph, "Gemm").getOutput(0);
            for (int i = 0; i < 30; i++) {
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Concat")
                        .addInput(last)
                        .addInput(last)
                        .addOutput("grown" + i)
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axis")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)));
                last = "grown" + i;
            }
        });
        assertRefused(growing, signature, "at most");
    }

    @Test
    void refusesMillionsOfEmptyMessages() {
        byte[] bytes = new byte[12 << 20];
        // Field 7 (graph) holding nothing but field 1 (node) of length 0.
        bytes[0] = 0x3a;
        int length = bytes.length - 5;
        for (int i = 1; i <= 4; i++) {
            bytes[i] = (byte) (((length >>> (7 * (i - 1))) & 0x7f) | (i < 4 ? 0x80 : 0));
        }
        for (int i = 5; i + 1 < bytes.length; i += 2) {
            bytes[i] = 0x0a;
        }
        assertRefused(bytes, linear.signature(), "too many");
    }

    @Test
    void namesOperatorThatDoesNotCompile() {
        byte[] onnx = edited(logistic, graph -> node(graph, "Sigmoid").setOpType("Erf"));
        UnsupportedOperatorException unsupported = catchThrowableOfType(
                UnsupportedOperatorException.class,
                () -> ScorerCompiler.compile(onnx, linear.signature(), Background.missing(linear.signature())));
        assertThat(unsupported.operator()).isEqualTo("Erf");
    }

    @Test
    void mutatedGraphsNeverFailOtherwise() {
        Random random = new Random(21);
        for (int i = 0; i < 4000; i++) {
            RandomModels drawn = new RandomModels(i % 40);
            Preprocessing preprocessing = i % 2 == 0 ? drawn.sequences(2, 6) : drawn.tabular(i % 4 == 1);
            Signature signature = preprocessing.signature();
            byte[] onnx = i % 4 == 0
                    ? drawn.lstm(preprocessing)
                    : i % 4 == 1
                            ? drawn.trees(preprocessing, 2, 3)
                            : i % 4 == 2 ? drawn.convolution(preprocessing) : drawn.logistic(preprocessing);
            byte[] mutated = edited(onnx, graph -> mutate(graph, random));
            try {
                Scorer scorer = ScorerCompiler.compile(mutated, signature, Background.missing(signature));
                Rows rows = drawn.rows(signature, 3, 3);
                scorer.score(rows, new float[3]);
                scorer.contributions(rows, 0, new double[signature.inputs().size()]);
            } catch (PackageException | UnsupportedOperatorException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void mutate(GraphProto.Builder graph, Random random) {
        NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
        switch (random.nextInt(8)) {
            case 0 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
            case 1 -> node.setInput(
                    0, graph.getNode(random.nextInt(graph.getNodeCount())).getOutput(0));
            case 2 -> node.setOpType(
                    graph.getNode(random.nextInt(graph.getNodeCount())).getOpType());
            case 3 -> changeAttribute(node, random);
            case 4 -> changeTensor(graph, random);
            case 5 -> node.clearAttribute();
            case 6 -> node.addInput(graph.getInput(0).getName()).addOutput("more");
            default -> node.setInput(
                    0, graph.getInput(random.nextInt(graph.getInputCount())).getName());
        }
    }

    private static void changeAttribute(NodeProto.Builder node, Random random) {
        if (node.getAttributeCount() == 0) {
            return;
        }
        AttributeProto.Builder attribute = node.getAttributeBuilder(random.nextInt(node.getAttributeCount()));
        long[] values = {-2, -1, 0, 1, 2, 3, 7, 1000, Integer.MAX_VALUE, Long.MIN_VALUE};
        long value = values[random.nextInt(values.length)];
        if (attribute.getIntsCount() > 0) {
            attribute.setInts(random.nextInt(attribute.getIntsCount()), value);
        } else if (attribute.getFloatsCount() > 0) {
            attribute.setFloats(random.nextInt(attribute.getFloatsCount()), random.nextBoolean() ? Float.NaN : value);
        } else {
            attribute.setI(value);
        }
    }

    private static void changeTensor(GraphProto.Builder graph, Random random) {
        if (graph.getInitializerCount() == 0) {
            return;
        }
        TensorProto.Builder tensor = graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount()));
        if (random.nextBoolean() && tensor.getInt64DataCount() > 0) {
            tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), random.nextInt(9) - 3);
        } else if (tensor.getDimsCount() > 1) {
            long first = tensor.getDims(0);
            tensor.setDims(0, tensor.getDims(1)).setDims(1, first);
        } else {
            tensor.addDims(random.nextInt(3));
        }
    }
}
