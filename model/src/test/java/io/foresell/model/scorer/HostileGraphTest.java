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
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
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
    void refusesGroupsNestedWithoutEnd() {
        // Field 99 as a group, which only readers of unknown fields would follow.
        byte[] bytes = new byte[4_000_000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = (byte) 0x9b;
            bytes[i + 1] = 0x06;
        }
        assertRefused(bytes, linear.signature(), "group");
    }

    @Test
    void refusesNumbersThatWouldFillTheMemory() {
        // 16 million integers, a tag and a byte each, in one list.
        ByteString integers = ByteString.copyFrom(repeated(new byte[] {0x40, 1}, 16_000_000));
        byte[] onnx = edited(logistic, graph -> {});
        ByteString attribute = length(0x2a, integers);
        ByteString node = length(0x0a, attribute);
        ByteString graph = length(0x3a, node);
        assertRefused(ByteString.copyFrom(onnx).concat(graph).toByteArray(), linear.signature(), "too many");
    }

    private static byte[] repeated(byte[] piece, int count) {
        byte[] bytes = new byte[piece.length * count];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = piece[i % piece.length];
        }
        return bytes;
    }

    private static ByteString length(int tag, ByteString content) {
        byte[] head = new byte[6];
        head[0] = (byte) tag;
        for (int i = 0; i < 5; i++) {
            head[1 + i] = (byte) (((content.size() >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0));
        }
        return ByteString.copyFrom(head).concat(content);
    }

    @Test
    void refusesShapesOfManyDimensions() {
        // A Reshape to a million ones, repeated: small nodes, endless shapes.
        byte[] onnx = edited(logistic, graph -> {
            TensorProto.Builder ones = TensorProto.newBuilder()
                    .setName("ones")
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(100_000);
            for (int i = 0; i < 100_000; i++) {
                ones.addInt64Data(1);
            }
            graph.addInitializer(ones);
            String first = graph.getInput(0).getName();
            graph.addNode(
                    0,
                    NodeProto.newBuilder()
                            .setOpType("Reshape")
                            .addInput(first)
                            .addInput("ones")
                            .addOutput("r"));
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("r"));
        });
        assertRefused(onnx, linear.signature(), "dimensions");
    }

    @Test
    void refusesConstantsReadWithoutEnd() {
        byte[] onnx = edited(logistic, graph -> {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("large")
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(1_000_000)
                    .setRawData(ByteString.copyFrom(new byte[8_000_000])));
            String last = node(graph, "Sigmoid").getOutput(0);
            for (int i = 0; i < 1000; i++) {
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Unsqueeze")
                        .addInput(last)
                        .addInput("large")
                        .addOutput("u" + i));
                last = "u" + i;
            }
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(last));
        });
        PackageException refusal = catchThrowableOfType(
                PackageException.class,
                () -> ScorerCompiler.compile(
                        onnx, linear.signature(), Answer.binary(), Background.missing(linear.signature())));
        assertThat(refusal).isNotNull();
    }

    @Test
    void refusesDimensionsThatOverflow() {
        for (long[] dims : new long[][] {
            {-1, 2}, {Long.MAX_VALUE}, {1L << 32}, {65_536, 65_536}, {Integer.MAX_VALUE, 2, 2}, {Long.MIN_VALUE}
        }) {
            byte[] onnx = edited(logistic, graph -> {
                TensorProto.Builder tensor = graph.getInitializerBuilder(0).clearDims();
                for (long dimension : dims) {
                    tensor.addDims(dimension);
                }
            });
            assertRefused(onnx, linear.signature(), "(expected: ");
        }
    }

    @Test
    void refusesValuesInTwoFields() {
        byte[] both = edited(logistic, graph -> {
            TensorProto.Builder tensor = graph.getInitializerBuilder(0);
            tensor.setRawData(ByteString.copyFrom(new byte[4 * tensor.getFloatDataCount()]));
        });
        assertRefused(both, linear.signature(), "several fields");
        byte[] typeless =
                edited(logistic, graph -> graph.getInitializerBuilder(0).addInt64Data(1));
        assertRefused(typeless, linear.signature(), "several fields or of another type");
        byte[] segmented = edited(
                logistic, graph -> graph.getInitializerBuilder(0).setSegment(ByteString.copyFrom(new byte[] {8, 1})));
        assertRefused(segmented, linear.signature(), "several fields");
    }

    @Test
    void refusesNamesGivenTwice() {
        byte[] twice = edited(logistic, graph -> graph.addInitializer(graph.getInitializer(0)));
        assertRefused(twice, linear.signature(), "defined twice");
        byte[] node = edited(logistic, graph -> graph.addNode(0, graph.getNode(0)));
        assertRefused(node, linear.signature(), "twice");
        byte[] input = edited(logistic, graph -> graph.addInput(graph.getInput(0)));
        assertRefused(input, linear.signature(), "defined twice");
        byte[] attribute = edited(logistic, graph -> node(graph, "Scaler")
                .addAttribute(node(graph, "Scaler").getAttribute(0)));
        assertRefused(attribute, linear.signature(), "given twice");
    }

    @Test
    void refusesAttributesOfFunctions() {
        byte[] onnx = edited(
                logistic, graph -> attribute(node(graph, "Scaler"), "scale").setRefAttrName("outer"));
        assertRefused(onnx, linear.signature(), "stands for outer of a function");
    }

    @Test
    void leavesWhatItDoesNotKnowToOtherEngines() {
        assertUnsupported(model -> model.setIrVersion(99), "ir_version");
        assertUnsupported(model -> model.clearIrVersion(), "ir_version");
        assertUnsupported(model -> model.addFunctions(ByteString.copyFrom(new byte[] {10, 0})), "functions");
        assertUnsupported(
                model -> model.getGraphBuilder().addSparseInitializer(ByteString.copyFrom(new byte[] {10, 0})),
                "sparse_initializer");
        assertUnsupported(model -> model.getOpsetImportBuilder(0).setVersion(6), "opset");
        assertUnsupported(model -> model.getOpsetImportBuilder(0).setVersion(27), "opset");
        assertUnsupported(model -> model.getOpsetImportBuilder(1).setVersion(5), "opset");
        assertUnsupported(model -> node(model.getGraphBuilder(), "Sigmoid").setOpType("If"), "If");
        byte[] twoVersions = changed(model -> model.addOpsetImport(
                model.getOpsetImportBuilder(0).build().toBuilder().setVersion(13)));
        assertRefused(twoVersions, linear.signature(), "versions 15 and 13");
        assertRefused(changed(model -> model.clearOpsetImport()), linear.signature(), "without the default domain");
        assertRefused(changed(model -> model.clearGraph()), linear.signature(), "0 nodes");
    }

    private byte[] changed(Consumer<ModelProto.Builder> change) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(logistic).toBuilder();
            change.accept(model);
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void assertUnsupported(Consumer<ModelProto.Builder> change, String operator) {
        Signature signature = linear.signature();
        byte[] onnx = changed(change);
        UnsupportedOperatorException unsupported = catchThrowableOfType(
                UnsupportedOperatorException.class,
                () -> ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature)));
        assertThat(unsupported).as(operator).isNotNull();
        assertThat(unsupported.operator()).startsWith(operator);
    }

    @Test
    void scoresOrRefusesTreesOfAnyDepth() {
        int depth = 200_000;
        RandomModels random = new RandomModels(2);
        Preprocessing preprocessing = random.tabular(true);
        byte[] onnx =
                edited(random.trees(preprocessing, 1, 1), graph -> chain(node(graph, "TreeEnsembleRegressor"), depth));
        Signature signature = preprocessing.signature();
        try {
            Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature));
            scorer.score(random.rows(signature, 1, 1), new float[1]);
            scorer.contributions(
                    random.rows(signature, 1, 1),
                    0,
                    0,
                    new double[signature.inputs().size()]);
        } catch (PackageException | UnsupportedOperatorException e) {
            assertThat(e.getMessage()).contains("expected");
        }
    }

    /** Makes the tree a chain: every node has a leaf and the next node below. */
    private static void chain(NodeProto.Builder node, int depth) {
        List<AttributeProto> kept = new ArrayList<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (!attribute.getName().startsWith("nodes_")
                    && !attribute.getName().startsWith("target_")) {
                kept.add(attribute);
            }
        }
        node.clearAttribute().addAllAttribute(kept);
        int count = 2 * depth + 1;
        long[] ids = new long[count];
        long[] yes = new long[count];
        long[] no = new long[count];
        float[] values = new float[count];
        List<ByteString> modes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isLeaf = i % 2 == 1 || i == count - 1;
            ids[i] = i;
            yes[i] = isLeaf ? 0 : i + 1;
            no[i] = isLeaf ? 0 : i + 2;
            values[i] = isLeaf ? 0 : (float) i;
            modes.add(ByteString.copyFromUtf8(isLeaf ? "LEAF" : "BRANCH_LT"));
        }
        long[] zeros = new long[count];
        integers(node, "nodes_treeids", zeros);
        integers(node, "nodes_nodeids", ids);
        integers(node, "nodes_featureids", zeros);
        integers(node, "nodes_truenodeids", yes);
        integers(node, "nodes_falsenodeids", no);
        integers(node, "nodes_missing_value_tracks_true", zeros);
        floats(node, "nodes_values", values);
        floats(node, "nodes_hitrates", new float[count]);
        node.addAttribute(AttributeProto.newBuilder()
                .setName("nodes_modes")
                .setType(AttributeProto.AttributeType.STRINGS)
                .addAllStrings(modes));
        long[] leaves = LongStream.range(0, count)
                .filter(i -> i % 2 == 1 || i == count - 1)
                .toArray();
        integers(node, "target_treeids", new long[leaves.length]);
        integers(node, "target_nodeids", leaves);
        integers(node, "target_ids", new long[leaves.length]);
        floats(node, "target_weights", new float[leaves.length]);
    }

    private static void integers(NodeProto.Builder node, String name, long[] values) {
        AttributeProto.Builder attribute =
                node.addAttributeBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
    }

    private static void floats(NodeProto.Builder node, String name, float[] values) {
        AttributeProto.Builder attribute =
                node.addAttributeBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
    }

    @Test
    void imputersReplaceZerosUnlessToldOtherwise() throws OrtException {
        byte[] onnx = edited(logistic, graph -> {
            NodeProto.Builder imputer = node(graph, "Imputer");
            imputer.removeAttribute(imputer.getAttributeList()
                    .indexOf(attribute(imputer, "replaced_value_float").build()));
        });
        Signature signature = linear.signature();
        Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature));
        Rows rows = new Rows(1, new float[signature.numberWidth()], texts(signature));
        float[] answer = new float[1];
        scorer.score(rows, answer);
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            assertThat(answer[0]).isCloseTo(judge.score(rows)[0], within(1e-6f));
        }
    }

    @Test
    void refusesSwitchesThatAreNeitherOnNorOff() {
        for (long value : new long[] {-1, 2, Long.MIN_VALUE}) {
            byte[] onnx = NodeGraph.ofColumns(3)
                    .node("ReduceMax", "x", "y", NodeGraph.integers("axes", 1), NodeGraph.integer("keepdims", value))
                    .output("y");
            assertRefused(onnx, NodeGraph.ofColumns(3).signature(), "keepdims of ReduceMax");
        }
    }

    @Test
    void extractsFromConstantsOfAnyRankOrRefuses() {
        long[][] shapes = {{}, {1}, {0}, {1, 1}, {1, 0}, {0, 1}};
        for (long[] shape : shapes) {
            for (long[] indexShape : shapes) {
                byte[] onnx = NodeGraph.ofColumns(1)
                        .constant("c", new long[shape.length > 0 && product(shape) == 0 ? 0 : 1], shape)
                        .constant("i", new long[indexShape.length > 0 && product(indexShape) == 0 ? 0 : 1], indexShape)
                        .node("Identity", "c", "d")
                        .ml("ArrayFeatureExtractor", "d i", "e")
                        .node("Cast", "e", "f", NodeGraph.integer("to", 1))
                        .node("Add", "x f", "y")
                        .output("y");
                Signature signature = NodeGraph.ofColumns(1).signature();
                try {
                    Scorer scorer =
                            ScorerCompiler.compile(onnx, signature, Answer.regression(), Background.missing(signature));
                    scorer.score(new Rows(1, new float[1], new String[0]), new float[1]);
                } catch (PackageException | UnsupportedOperatorException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    private static long product(long[] shape) {
        return LongStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    private static String[] texts(Signature signature) {
        String[] texts = new String[signature.textWidth()];
        Arrays.fill(texts, "");
        return texts;
    }
}
