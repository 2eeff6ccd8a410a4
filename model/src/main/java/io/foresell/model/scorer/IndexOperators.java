package io.foresell.model.scorer;

import java.util.Map;

/** Operators that find indices, and columns by their indices. */
final class IndexOperators {
    private IndexOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ArgMax", (node, plan) -> best(node, plan, true));
        operators.put("ArgMin", (node, plan) -> best(node, plan, false));
        operators.put("TopK", IndexOperators::top);
        operators.put("ai.onnx.ml.ArrayFeatureExtractor", IndexOperators::extract);
    }

    private static int lastAxis(GraphNode node, Value.Floats from, long axis) {
        int rank = from.rank();
        if (rank < 2 || Shapes.axis(axis, rank) != rank - 1) {
            throw node.unsupported("axis %d of rank %d (only the last, not the batch)", axis, rank);
        }
        return from.shape()[rank - 1];
    }

    private static void best(GraphNode node, PlanBuilder plan, boolean isGreatest) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int width = lastAxis(node, from, node.integer("axis", 0));
        if (width == 0) {
            throw BadGraph.of("input of %s: 0 columns (expected: 1 or more)", node);
        }
        boolean isLast = node.flag("select_last_index", false);
        int rank = from.rank();
        int[] shape = new int[node.flag("keepdims", true) ? rank : rank - 1];
        System.arraycopy(from.shape(), 0, shape, 0, rank - 1);
        if (shape.length == rank) {
            shape[rank - 1] = 1;
        }
        int[] sources = new int[Shapes.size(shape)];
        for (int row = 0; row < sources.length; row++) {
            sources[row] = PlanBuilder.commonSource(from, row * width, width);
        }
        Value.Floats to = plan.allocate(shape, sources);
        int in = from.offset();
        int out = to.offset();
        int rows = to.size();
        float sign = isGreatest ? 1 : -1;
        plan.step((memory, texts, textBase) -> {
            for (int row = 0; row < rows; row++) {
                int first = in + row * width;
                int best = 0;
                for (int i = 1; i < width; i++) {
                    float difference = sign * (memory[first + i] - memory[first + best]);
                    if (difference > 0 || (isLast && memory[first + i] == memory[first + best])) {
                        best = i;
                    }
                }
                memory[out + row] = best;
            }
        });
        plan.define(node.output(0), plan.integers(to));
    }

    /** Writes the k greatest (or smallest) of each row, best first, equal ones in their order. */
    private static void top(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.floats(0);
        int width = lastAxis(node, from, node.integer("axis", -1));
        int[] k = node.intConstant(1);
        if (k.length != 1 || k[0] < 0 || k[0] > width) {
            throw BadGraph.of("k of %s (expected: one number 0..%d)", node, width);
        }
        if (!node.flag("sorted", true)) {
            throw node.unsupported("unsorted");
        }
        int count = k[0];
        int[] shape = from.shape().clone();
        shape[shape.length - 1] = count;
        Value.Floats values = plan.allocate(shape);
        Value.Floats indices = plan.allocate(shape);
        int rows = width == 0 ? 0 : from.size() / width;
        plan.spend((long) from.size() * (1 + count / 4));
        float sign = node.flag("largest", true) ? 1 : -1;
        int in = from.offset();
        plan.step((memory, texts, textBase) -> {
            for (int row = 0; row < rows; row++) {
                top(memory, in + row * width, width, sign, count, indices.offset() + row * count);
                for (int i = 0; i < count; i++) {
                    int index = (int) memory[indices.offset() + row * count + i];
                    memory[values.offset() + row * count + i] = memory[in + row * width + index];
                }
            }
        });
        if (node.hasOutput(0)) {
            plan.define(node.output(0), values);
        }
        if (node.hasOutput(1)) {
            plan.define(node.output(1), plan.integers(indices));
        }
    }

    /** Keeps the best so far in order: few are wanted, most columns fail at the first comparison. */
    private static void top(float[] memory, int in, int width, float sign, int count, int out) {
        int size = 0;
        for (int i = 0; i < width && count > 0; i++) {
            float value = sign * memory[in + i];
            if (size == count && !(value > sign * memory[in + (int) memory[out + size - 1]])) {
                continue;
            }
            int at = size < count ? size++ : size - 1;
            while (at > 0 && value > sign * memory[in + (int) memory[out + at - 1]]) {
                memory[out + at] = memory[out + at - 1];
                at--;
            }
            memory[out + at] = i;
        }
    }

    /** Picks columns by constant indices, or values of a constant row by computed ones. */
    private static void extract(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (node.input(1) instanceof Value.IntConstant indices) {
            columns(node, plan, indices.toInts("input 1 of " + node));
        } else {
            look(node, plan, node.floats(1), new int[] {1, node.floats(1).size()}, false);
        }
    }

    private static void columns(GraphNode node, PlanBuilder plan, int[] indices) {
        int[] old = node.input(0).shape();
        int width = old.length == 0 ? 1 : old[old.length - 1];
        for (int index : indices) {
            if (index < 0 || index >= width) {
                throw BadGraph.of("index of %s: %d (expected: 0..%d)", node, index, width - 1);
            }
        }
        int[] shape = old.length < 2 ? new int[] {1, indices.length} : old.clone();
        shape[shape.length - 1] = indices.length;
        int rows = indices.length == 0 ? 0 : Shapes.size(shape) / indices.length;
        int[] places = new int[rows * indices.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = i / indices.length * width + indices[i % indices.length];
        }
        ShapeOperators.pick(node, plan, places, shape);
    }

    /** Looks values of a constant row up by computed indices; an index outside of it finds NaN. */
    static void look(GraphNode node, PlanBuilder plan, Value.Floats indices, int[] shape, boolean countsFromEnd) {
        node.requireOnlyOutput();
        float[] row = node.numbersConstant(0);
        int[] old = node.input(0).shape();
        boolean isRow = old.length == 1 || (old.length == 2 && old[0] == 1 && !countsFromEnd);
        if (!isRow || row.length == 0) {
            throw node.unsupported("computed indices into other than a constant row");
        }
        Value.Floats to = plan.allocate(shape, indices.sources());
        int in = indices.offset();
        int out = to.offset();
        int size = indices.size();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < size; i++) {
                int index = (int) memory[in + i];
                int positive = index < 0 && countsFromEnd ? index + row.length : index;
                memory[out + i] = positive >= 0 && positive < row.length ? row[positive] : Float.NaN;
            }
        });
        plan.define(node.output(0), node.input(0) instanceof Value.IntConstant ? plan.integers(to) : to);
    }
}
