package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.number;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Operators of networks answer as ONNX Runtime does, for random shapes and attributes, all rows at once. */
class NetworkOperatorsTest {
    private static final int ROWS = 7;

    private final Random random = new Random(31);

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.6f;
        }
        return values;
    }

    /** Returns weights that keep a state's size: a layer that lets it grow makes any two sums of floats differ. */
    private float[] recurrent(int rows, int units) {
        float[] values = numbers(rows * units);
        for (int i = 0; i < values.length; i++) {
            values[i] /= (float) Math.sqrt(units);
        }
        return values;
    }

    private int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    private static int size(long... shape) {
        long size = 1;
        for (long dimension : shape) {
            size *= dimension;
        }
        return (int) size;
    }

    /** Returns a graph whose value "v" has the shape [N, shape]. */
    private static NodeGraph reshaped(long... shape) {
        long[] whole = new long[shape.length + 1];
        whole[0] = -1;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return NodeGraph.ofColumns(size(shape))
                .constant("shape", whole, whole.length)
                .node("Reshape", "x shape", "v");
    }

    private void judge(String name, NodeGraph graph, int inputs, int outputs) throws OrtException {
        judge(name, graph, inputs, outputs, 1e-5);
    }

    private void judge(String name, NodeGraph graph, int inputs, int outputs, double tolerance) throws OrtException {
        Rows rows = OperatorJudge.numbers(random, ROWS, inputs, 1);
        OperatorJudge.assertEqual(name, graph.node("Flatten", "y", "out"), "out", outputs, rows, tolerance);
    }

    @Test
    void convolvesSequencesAndImages() throws OrtException {
        for (int trial = 0; trial < 60; trial++) {
            boolean isImage = random.nextBoolean();
            int groups = between(1, 3);
            int channels = groups * between(1, 3);
            int filters = groups * between(1, 5);
            int axes = isImage ? 2 : 1;
            long[] shape = new long[axes + 1];
            long[] weights = new long[axes + 2];
            long[] kernel = new long[axes];
            long[] strides = new long[axes];
            long[] dilations = new long[axes];
            long[] pads = new long[2 * axes];
            shape[0] = channels;
            weights[0] = filters;
            weights[1] = channels / groups;
            int outputs = filters;
            for (int i = 0; i < axes; i++) {
                kernel[i] = between(1, 4);
                weights[2 + i] = kernel[i];
                strides[i] = between(1, 3);
                dilations[i] = between(1, 2);
                int window = (int) ((kernel[i] - 1) * dilations[i] + 1);
                shape[1 + i] = between(window, window + (isImage ? 7 : 40));
                pads[i] = random.nextInt(window);
                pads[axes + i] = random.nextInt(window);
                outputs *= (int) ((shape[1 + i] + pads[i] + pads[axes + i] - window) / strides[i] + 1);
            }
            NodeGraph graph = reshaped(shape)
                    .constant("w", numbers(size(weights)), weights)
                    .constant("b", numbers(filters), filters)
                    .node(
                            "Conv",
                            random.nextBoolean() ? "v w b" : "v w",
                            "c",
                            integers("kernel_shape", kernel),
                            integers("strides", strides),
                            integers("dilations", dilations),
                            integers("pads", pads),
                            integer("group", groups));
            String[] after = {"Relu", "Tanh", "Sigmoid", "Identity"};
            judge("conv " + trial, graph.node(after[trial % 4], "c", "y"), size(shape), outputs);
        }
    }

    @Test
    void padsConvolutionsByName() throws OrtException {
        for (String mode : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
            for (int kernel = 1; kernel <= 4; kernel++) {
                for (int stride = 1; stride <= 3; stride++) {
                    int length = 11;
                    int output = mode.equals("VALID") ? (length - kernel) / stride + 1 : (length + stride - 1) / stride;
                    NodeGraph graph = reshaped(2, length)
                            .constant("w", numbers(3 * 2 * kernel), 3, 2, kernel)
                            .node("Conv", "v w", "y", text("auto_pad", mode), integers("strides", stride));
                    judge(mode + kernel + stride, graph, 2 * length, 3 * output);
                }
            }
        }
    }

    @Test
    void poolsSequencesAndImages() throws OrtException {
        for (int trial = 0; trial < 80; trial++) {
            boolean isMax = random.nextBoolean();
            int kernel = between(1, 4);
            int stride = between(1, 3);
            int before = random.nextInt(kernel);
            int after = random.nextInt(kernel);
            int length = between(kernel, 14);
            boolean isCeiling = trial % 4 == 0 && isMax;
            int rest = length + before + after - kernel;
            int outputs = (isCeiling ? (rest + stride - 1) / stride : rest / stride) + 1;
            if (isCeiling && (outputs - 1) * stride >= length + before) {
                outputs--;
            }
            List<AttributeProto> attributes = new ArrayList<>(List.of(
                    integers("kernel_shape", kernel),
                    integers("strides", stride),
                    integers("pads", before, after),
                    integer("ceil_mode", isCeiling ? 1 : 0)));
            if (!isMax) {
                attributes.add(integer("count_include_pad", random.nextInt(2)));
            }
            NodeGraph graph = reshaped(3, length)
                    .node(isMax ? "MaxPool" : "AveragePool", "v", "y", attributes.toArray(AttributeProto[]::new));
            judge("pool " + trial + attributes, graph, 3 * length, 3 * outputs);
        }
        for (String all : List.of("GlobalMaxPool", "GlobalAveragePool")) {
            judge(all, reshaped(3, 4, 5).node(all, "v", "y"), 60, 3);
        }
    }

    @Test
    void runsRecurrentLayersOfEverySort() throws OrtException {
        List<String> directions = List.of("forward", "reverse", "bidirectional");
        for (int trial = 0; trial < 54; trial++) {
            String operator = List.of("LSTM", "GRU", "RNN").get(trial % 3);
            String direction = directions.get(trial / 3 % 3);
            int count = direction.equals("bidirectional") ? 2 : 1;
            int gates = operator.equals("LSTM") ? 4 : operator.equals("GRU") ? 3 : 1;
            int channels = between(1, 6);
            int units = between(1, 20);
            int length = between(1, 9);
            boolean hasBias = trial % 4 > 0;
            List<AttributeProto> attributes =
                    new ArrayList<>(List.of(integer("hidden_size", units), text("direction", direction)));
            if (operator.equals("GRU")) {
                attributes.add(integer("linear_before_reset", trial / 9 % 2));
            }
            if (operator.equals("RNN") && trial % 2 == 0) {
                attributes.add(count == 2 ? texts("activations", "Relu", "Relu") : texts("activations", "Relu"));
            }
            NodeGraph graph = reshaped(length, channels)
                    .node("Transpose", "v", "t", integers("perm", 1, 0, 2))
                    .constant("w", numbers(count * gates * units * channels), count, (long) gates * units, channels)
                    .constant("r", recurrent(count * gates * units, units), count, (long) gates * units, units)
                    .constant("b", numbers(count * 2 * gates * units), count, 2L * gates * units)
                    .node(
                            operator,
                            hasBias ? "t w r b" : "t w r",
                            operator.equals("LSTM") ? "all last cell" : "all last",
                            attributes.toArray(AttributeProto[]::new));
            // [length, directions, N, units] and [directions, N, units] to rows.
            graph.node("Transpose", "all", "a", integers("perm", 2, 0, 1, 3));
            graph.node(
                    "Transpose",
                    operator.equals("LSTM") && trial % 2 == 0 ? "cell" : "last",
                    "l",
                    integers("perm", 1, 0, 2));
            graph.node("Flatten", "a", "fa")
                    .node("Flatten", "l", "fl")
                    .node("Concat", "fa fl", "y", integer("axis", 1));
            judge(operator + " " + trial, graph, length * channels, (length + 1) * count * units, 1e-4);
        }
    }

    @Test
    void appliesActivations() throws OrtException {
        List<NodeGraph> graphs = List.of(
                reshaped(20).node("LeakyRelu", "v", "y", number("alpha", 0.2f)),
                reshaped(20).node("Elu", "v", "y", number("alpha", 1.5f)),
                reshaped(20).node("Selu", "v", "y"),
                reshaped(20).node("Celu", "v", "y", number("alpha", 0.7f)),
                reshaped(20).node("ThresholdedRelu", "v", "y", number("alpha", 0.3f)),
                reshaped(20).node("HardSigmoid", "v", "y", number("alpha", 0.3f)),
                reshaped(20).node("HardSwish", "v", "y"),
                reshaped(20).node("Softplus", "v", "y"),
                reshaped(20).node("Softsign", "v", "y"),
                reshaped(20).node("Erf", "v", "y"),
                reshaped(20).node("Tanh", "v", "y"),
                reshaped(20).node("Exp", "v", "y"),
                reshaped(20).opset(20).node("Gelu", "v", "y"),
                reshaped(20).opset(20).node("Gelu", "v", "y", text("approximate", "tanh")),
                reshaped(20).opset(18).node("Mish", "v", "y"),
                reshaped(4, 5).constant("s", numbers(4), 4, 1).node("PRelu", "v s", "y"));
        for (int i = 0; i < graphs.size(); i++) {
            judge("activation " + i, graphs.get(i), 20, 20);
        }
    }

    @Test
    void normalisesOverAnyAxis() throws OrtException {
        for (int opset : new int[] {11, 12, 13, 17}) {
            for (int axis = 1; axis < 4; axis++) {
                for (String operator : List.of("Softmax", "LogSoftmax")) {
                    NodeGraph graph = reshaped(3, 4, 5).opset(opset).node(operator, "v", "y", integer("axis", axis));
                    judge(operator + axis + opset, graph, 60, 60);
                }
            }
        }
        for (int axis = 1; axis < 4; axis++) {
            int count = axis == 1 ? 60 : axis == 2 ? 20 : 5;
            long[] shape = axis == 1 ? new long[] {3, 4, 5} : axis == 2 ? new long[] {4, 5} : new long[] {5};
            NodeGraph graph = reshaped(3, 4, 5)
                    .constant("s", numbers(count), shape)
                    .constant("b", numbers(count), shape)
                    .node("LayerNormalization", "v s b", "y", integer("axis", axis), number("epsilon", 1e-3f));
            judge("layer " + axis, graph, 60, 60);
        }
        NodeGraph instance = reshaped(3, 4, 5)
                .constant("s", numbers(3), 3)
                .constant("b", numbers(3), 3)
                .node("InstanceNormalization", "v s b", "y");
        judge("instance", instance, 60, 60);
    }

    @Test
    void foldsWhatFollowsAProduct() throws OrtException {
        for (int trial = 0; trial < 24; trial++) {
            NodeGraph graph = reshaped(3, 6)
                    .constant("w", numbers(5 * 3 * 2), 5, 3, 2)
                    .constant("b", numbers(5), 5)
                    .node("Conv", "v w b", "c")
                    .constant("k", numbers(5), 5, 1)
                    .constant("one", numbers(1), 1);
            String last = batchNormalised(graph, "c", 5);
            graph.node(
                    List.of("Mul", "Add", "Sub", "Div").get(trial % 4),
                    trial % 3 == 0 ? last + " k" : "k " + last,
                    "m");
            graph.node("Sub", "one m", "n").node("Relu", "n", "o");
            // The product itself is read by others too in some graphs: then nothing may be folded into it.
            boolean isShared = trial % 5 == 0;
            graph.node("Add", isShared ? "o c" : "o k", "y");
            Rows rows = OperatorJudge.numbers(random, ROWS, 18, 1);
            if (trial % 4 != 3 || trial % 3 == 0) {
                OperatorJudge.assertEqual("fold " + trial, graph.node("Flatten", "y", "out"), "out", 25, rows);
            }
        }
    }

    private String batchNormalised(NodeGraph graph, String value, int channels) {
        float[] variances = numbers(channels);
        for (int i = 0; i < channels; i++) {
            variances[i] = Math.abs(variances[i]) + 0.1f;
        }
        graph.constant("scale", numbers(channels), channels)
                .constant("shift", numbers(channels), channels)
                .constant("mean", numbers(channels), channels)
                .constant("variance", variances, channels)
                .node("BatchNormalization", value + " scale shift mean variance", "normalised");
        return "normalised";
    }

    @Test
    void normalisesBatchesWithoutAProductBefore() throws OrtException {
        NodeGraph graph = reshaped(4, 3);
        judge("batch", graph.node("Identity", batchNormalised(graph, "v", 4), "y"), 12, 12);
    }

    @Test
    void multipliesComputedTensors() throws OrtException {
        for (int trial = 0; trial < 30; trial++) {
            int heads = between(1, 3);
            int length = between(2, 9);
            int width = between(2, 40);
            NodeGraph graph = reshaped(heads, length, width)
                    .node("Transpose", "v", "t", integers("perm", 0, 1, 3, 2))
                    .node("MatMul", "v t", "s")
                    .node("Softmax", "s", "p", integer("axis", -1))
                    .node("MatMul", "p v", "y");
            judge("attention " + trial, graph, heads * length * width, heads * length * width);
        }
        NodeGraph left = reshaped(4, 5).constant("w", numbers(12), 3, 4).node("MatMul", "w v", "y");
        judge("constant on the left", left, 20, 15);
        NodeGraph stack = reshaped(2, 3, 4).constant("w", numbers(40), 2, 4, 5).node("MatMul", "v w", "y");
        judge("a stack of constants", stack, 24, 30);
    }

    @Test
    void looksUpEmbeddings() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(6)
                .constant("table", numbers(9 * 4), 9, 4)
                .node("Cast", "x", "i", integer("to", 7))
                .node("Gather", "table i", "y");
        float[] indices = new float[ROWS * 6];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = random.nextInt(18) - 9 + (i % 3 == 0 ? 0.25f : 0);
        }
        for (int i = 0; i < indices.length; i++) {
            indices[i] = indices[i] < 0 ? (float) Math.ceil(indices[i]) : indices[i];
        }
        Rows rows = new Rows(ROWS, indices, new String[0]);
        OperatorJudge.assertEqual("embedding", graph.node("Flatten", "y", "out"), "out", 24, rows);
    }

    @Test
    void anIndexOutsideTheTableGivesNoNumber() {
        NodeGraph graph = NodeGraph.ofColumns(1)
                .constant("table", numbers(6), 3, 2)
                .node("Cast", "x", "i", integer("to", 7))
                .node("Gather", "table i", "g")
                .node("Flatten", "g", "out");
        Scorer scorer = OperatorJudge.compile(graph, "out", 2);
        float[] inputs = {2, 3, -3, -4, Float.NaN, 1e30f};
        float[] answers = new float[12];
        scorer.score(new Rows(6, inputs, new String[0]), answers);
        for (int row = 0; row < 6; row++) {
            assertThat(Float.isNaN(answers[2 * row]))
                    .as("index %s", inputs[row])
                    .isEqualTo(row != 0 && row != 2);
        }
    }

    @Test
    void slicesSplitsPadsAndRepeats() throws OrtException {
        for (int trial = 0; trial < 60; trial++) {
            int axis = between(1, 2);
            int length = axis == 1 ? 5 : 7;
            int step = random.nextInt(4) == 0 ? -between(1, 3) : between(1, 3);
            long start = random.nextInt(4) == 0 ? Long.MAX_VALUE : between(-8, 8);
            long end = random.nextInt(4) == 0 ? (step < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : between(-8, 8);
            NodeGraph graph = reshaped(5, 7)
                    .constant("s", new long[] {start}, 1)
                    .constant("e", new long[] {end}, 1)
                    .constant("a", new long[] {axis}, 1)
                    .constant("t", new long[] {step}, 1)
                    .node("Slice", "v s e a t", "y");
            int count = sliced(start, end, step, length);
            if (count > 0) {
                judge("slice %d:%d:%d of %d".formatted(start, end, step, length), graph, 35, 35 / length * count);
            }
        }
        judge(
                "pad",
                reshaped(3, 4)
                        .constant("p", new long[] {0, 1, 2, 0, 2, 1}, 6)
                        .constant("f", new float[] {0.5f})
                        .node("Pad", "v p f", "y"),
                12,
                42);
        judge("expand", reshaped(3, 1).constant("s", new long[] {1, 3, 4}, 3).node("Expand", "v s", "y"), 3, 12);
        judge("tile", reshaped(2, 3).constant("r", new long[] {1, 2, 3}, 3).node("Tile", "v r", "y"), 6, 36);
        NodeGraph split =
                reshaped(2, 9).constant("n", new long[] {2, 3, 4}, 3).node("Split", "v n", "a b c", integer("axis", 2));
        judge("split", split.node("Concat", "c a b", "y", integer("axis", 2)), 18, 18);
        NodeGraph uneven =
                reshaped(2, 7).opset(18).node("Split", "v", "a b c", integer("axis", 2), integer("num_outputs", 3));
        judge("uneven split", uneven.node("Concat", "c a b", "y", integer("axis", 2)), 14, 14);
    }

    private static int sliced(long start, long end, int step, int length) {
        long first = Math.max(
                step < 0 ? -1 : 0, Math.min(start < 0 ? start + length : start, step < 0 ? length - 1 : length));
        long last = Math.max(
                step < 0 ? -1 : 0,
                Math.min(end < 0 ? Math.max(end, -1000) + length : end, step < 0 ? length - 1 : length));
        return (int) Math.max(0, (last - first + step - Integer.signum(step)) / step);
    }

    @Test
    void leavesWhatMixesRowsToOtherEngines() {
        List<NodeGraph> graphs = List.of(
                reshaped(3, 4).node("Softmax", "v", "y", integer("axis", 0)),
                reshaped(3, 4)
                        .node("Transpose", "v", "t", integers("perm", 1, 0, 2))
                        .node("Softmax", "t", "y", integer("axis", 1)),
                reshaped(3, 4).node("ReduceMean", "v", "y", integers("axes", 0)),
                reshaped(3, 4)
                        .node("Transpose", "v", "t", integers("perm", 1, 0, 2))
                        .node("ReduceMax", "t", "y", integers("axes", 1), integer("keepdims", 0)),
                reshaped(4)
                        .constant("w", numbers(1), 1, 1)
                        .node("Transpose", "v", "t")
                        .node("MatMul", "t w", "y"),
                reshaped(4).node("Transpose", "v", "t").node("MatMul", "t v", "y"),
                reshaped(4).constant("i", new long[] {0}, 1).node("Gather", "v i", "y"),
                reshaped(4)
                        .constant("s", new long[] {0}, 1)
                        .constant("e", new long[] {0}, 1)
                        .node("Slice", "v s e s", "y"));
        for (NodeGraph graph : graphs) {
            OperatorJudge.assertUnsupported(graph, "y", 1, "the batch");
        }
    }

    @Test
    void namesWhatDoesNotCompile() {
        OperatorJudge.assertUnsupported(
                reshaped(2, 6).constant("w", numbers(8), 2, 2, 2).node("ConvTranspose", "v w", "y"),
                "y",
                1,
                "ConvTranspose");
        NodeGraph lengths = reshaped(3, 2)
                .node("Transpose", "v", "t", integers("perm", 1, 0, 2))
                .constant("w", numbers(8), 1, 4, 2)
                .constant("r", numbers(4), 1, 4, 1)
                .constant("n", new long[] {2}, 1)
                .node("LSTM", "t w r  n", "y", integer("hidden_size", 1));
        OperatorJudge.assertUnsupported(lengths, "y", 1, "sequence_lens");
    }
}
