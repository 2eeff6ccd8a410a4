package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Operators of ai.onnx.ml that rescale or only rename a row of columns. */
final class NormalizingOperators {
    private NormalizingOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.Normalizer", NormalizingOperators::normalize);
        operators.put("LpNormalization", NormalizingOperators::normalizeAxis);
        operators.put("ai.onnx.ml.Binarizer", NormalizingOperators::binarize);
        operators.put("ai.onnx.ml.ZipMap", NormalizingOperators::zip);
    }

    /** Divides by the sum of absolute values, the Euclidean length or the greatest value; zeros stay zeros. */
    private static void normalize(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.columns(0);
        String norm = node.text("norm", "MAX");
        Value.Floats to = allocate(plan, from);
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step(
                switch (norm) {
                    case "L1" -> (memory, texts, textBase) ->
                            divide(memory, in, out, size, sumOfAbsolutes(memory, in, size));
                    case "L2" -> (memory, texts, textBase) -> divideByLength(memory, in, out, size);
                    case "MAX" -> (memory, texts, textBase) ->
                            divide(memory, in, out, size, greatest(memory, in, size));
                    default -> throw BadGraph.of("norm of %s: %s (expected: MAX, L1 or L2)", node, norm);
                });
        // The probabilities of a softmax sum up to one already.
        Link link = norm.equals("L1") ? from.link() : null;
        boolean isLinked = link != null && link.kind() == Link.Kind.SOFTMAX;
        plan.define(node.output(0), new Value.Floats(out, to.shape(), to.sources(), null, isLinked ? link : null));
    }

    /** Returns memory for columns that each depend on all columns: on one input only when these all do. */
    private static Value.Floats allocate(PlanBuilder plan, Value.Floats from) {
        int[] sources = new int[from.size()];
        Arrays.fill(sources, PlanBuilder.commonSource(from, 0, from.size()));
        return plan.allocate(from.shape(), sources);
    }

    private static float sumOfAbsolutes(float[] memory, int in, int size) {
        float sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.abs(memory[in + i]);
        }
        return sum;
    }

    private static float greatest(float[] memory, int in, int size) {
        float greatest = -Float.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            greatest = memory[in + i] > greatest ? memory[in + i] : greatest;
        }
        return greatest;
    }

    private static void divide(float[] memory, int in, int out, int size, float by) {
        for (int i = 0; i < size; i++) {
            memory[out + i] = by == 0 ? memory[in + i] : memory[in + i] / by;
        }
    }

    private static void divideByLength(float[] memory, int in, int out, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += (double) memory[in + i] * memory[in + i];
        }
        divide(memory, in, out, size, (float) Math.sqrt(sum));
    }

    private static void normalizeAxis(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.columns(0);
        long p = node.integer("p", 2);
        if (Shapes.axis(node.integer("axis", -1), from.rank()) != 1 || (p != 1 && p != 2)) {
            throw node.unsupported("axis %d, p %d", node.integer("axis", -1), p);
        }
        Value.Floats to = allocate(plan, from);
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step(
                p == 1
                        ? (memory, texts, textBase) -> divide(memory, in, out, size, sumOfAbsolutes(memory, in, size))
                        : (memory, texts, textBase) -> divideByLength(memory, in, out, size));
        plan.define(node.output(0), to);
    }

    private static void binarize(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        float threshold = node.number("threshold", 0);
        Value.Floats from = node.floats(0);
        Value.Floats to = plan.allocate(from.shape(), from.sources());
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < size; i++) {
                memory[out + i] = memory[in + i] > threshold ? 1 : 0;
            }
        });
        plan.define(node.output(0), to);
    }

    /** Names columns by their classes; the floats stay what they are. */
    private static void zip(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.columns(0);
        int labels = Math.max(node.texts("classlabels_strings").size(), node.longs("classlabels_int64s").length);
        if (labels != from.size()) {
            throw BadGraph.of("class labels of %s: %d (expected: %d)", node, labels, from.size());
        }
        plan.define(node.output(0), from);
    }
}
