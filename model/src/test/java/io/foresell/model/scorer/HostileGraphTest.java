package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
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
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
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
                PackageException.class,
                () -> ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature)));
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
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(last));
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
    void refusesWorkBeyondItsBound() {
        Signature signature = Signature.of(List.of(InputField.sequence("x", 2000)));
        // One matrix of 16 MB used by many nodes: small file, endless row.
        byte[] onnx = edited(logistic, whole -> {
            whole.clear();
            whole.addInitializer(TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(TensorProto.DataType.FLOAT.getNumber())
                    .addDims(2000)
                    .addDims(2000)
                    .setRawData(ByteString.copyFrom(new byte[16_000_000])));
            whole.addInput(input("x", 2000));
            for (int i = 0; i < 1000; i++) {
                whole.addNode(NodeProto.newBuilder()
                        .setOpType("MatMul")
                        .addInput(i == 0 ? "x" : "y" + (i - 1))
                        .addInput("w")
                        .addOutput("y" + i));
            }
            whole.addOutput(ValueInfoProto.newBuilder().setName("y999"));
        });
        assertRefused(onnx, signature, "operations of a row");
    }

    private static ValueInfoProto input(String name, int width) {
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width)))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    @Test
    void namesOperatorThatDoesNotCompile() {
        byte[] onnx = edited(logistic, graph -> node(graph, "Sigmoid").setOpType("Det"));
        UnsupportedOperatorException unsupported = catchThrowableOfType(
                UnsupportedOperatorException.class,
                () -> ScorerCompiler.compile(
                        onnx, linear.signature(), Answer.binary(), Background.missing(linear.signature())));
        assertThat(unsupported.operator()).isEqualTo("Det");
    }

    @Test
    void mutatedGraphsAreRefusedOrMeanWhatOnnxRuntimeSays() {
        Random random = new Random(21);
        int refused = 0;
        int judged = 0;
        for (int i = 0; i < 1500; i++) {
            RandomModels drawn = new RandomModels(i % 60);
            Preprocessing preprocessing = i % 2 == 0 ? drawn.sequences(2, 6) : drawn.tabular(i % 4 == 1);
            Signature signature = preprocessing.signature();
            byte[] mutated = edited(draw(drawn, preprocessing, i % 4), graph -> mutate(graph, random));
            Rows row = drawn.rows(signature, 1, 3);
            float[] answer = new float[1];
            try {
                Scorer scorer =
                        ScorerCompiler.compile(mutated, signature, Answer.binary(), Background.missing(signature));
                scorer.score(row, answer);
                scorer.contributions(row, 0, 0, new double[signature.inputs().size()]);
            } catch (PackageException | UnsupportedOperatorException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
                continue;
            }
            judged += agrees(i, mutated, signature, row, answer[0]) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(250);
        assertThat(judged).isGreaterThan(250);
    }

    private static byte[] draw(RandomModels models, Preprocessing preprocessing, int family) {
        return switch (family) {
            case 0 -> models.lstm(preprocessing);
            case 1 -> models.trees(preprocessing, 2, 3);
            case 2 -> models.convolution(preprocessing);
            default -> models.logistic(preprocessing);
        };
    }

    /** Returns false when ONNX Runtime refuses what we accept, which is its right. */
    private static boolean agrees(int draw, byte[] onnx, Signature signature, Rows row, float answer) {
        float expected;
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            expected = judge.score(row)[0];
        } catch (OrtException e) {
            return false;
        }
        if (Float.isNaN(answer) && hasNaN(row.numbers())) {
            return false; // A graph that lost its imputer: ours answers NaN, ONNX Runtime's ReLU may hide it.
        }
        assertThat(answer).as("draw %d", draw).isCloseTo(expected, within(1e-4f));
        return true;
    }

    private static boolean hasNaN(float[] numbers) {
        for (float number : numbers) {
            if (Float.isNaN(number)) {
                return true;
            }
        }
        return false;
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
