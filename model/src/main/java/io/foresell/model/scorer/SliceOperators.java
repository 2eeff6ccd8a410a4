package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Operators that pick, repeat and pad places of a value. */
final class SliceOperators {
    private static final int SPLIT_COUNT_OPSET = 18;

    private SliceOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Slice", SliceOperators::slice);
        operators.put("Split", SliceOperators::split);
        operators.put("Gather", SliceOperators::gather);
        operators.put("Expand", SliceOperators::expand);
        operators.put("Tile", SliceOperators::tile);
        operators.put("Pad", SliceOperators::pad);
    }

    private static void slice(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (node.input(0) instanceof Value.TokenNumbers numbers) {
            SplitOperators.slice(node, plan, numbers);
            return;
        }
        Value.Floats from = node.floats(0);
        int[] old = from.shape();
        boolean hasAttributes = node.has("starts");
        int[] starts = hasAttributes ? node.integers("starts") : node.limitedIntConstant(1);
        int[] ends = hasAttributes ? node.limitedIntegers("ends") : node.limitedIntConstant(2);
        int[] axes = hasAttributes ? node.integers("axes") : node.hasInput(3) ? node.intConstant(3) : new int[0];
        int[] steps = node.hasInput(4) ? node.limitedIntConstant(4) : new int[0];
        int[] shape = old.clone();
        int[] strides = Shapes.strides(old);
        int first = 0;
        for (int i = 0; i < starts.length; i++) {
            int axis = Shapes.axis(axes.length == 0 ? i : at(node, axes, i), old.length);
            int step = steps.length == 0 ? 1 : at(node, steps, i);
            if (step == 0) {
                throw BadGraph.of("step of %s: 0 (expected: another number)", node);
            }
            int start = clip(starts[i], old[axis], step);
            int end = clip(at(node, ends, i), old[axis], step);
            int count = (int) Math.max(0, ((long) end - start + step + (step > 0 ? -1 : 1)) / step);
            if (count != old[axis] || step != 1) {
                plan.requireWithinRow(node, from, axis);
            }
            shape[axis] = count;
            first += count == 0 ? 0 : start * strides[axis];
            strides[axis] = (int) Math.max(-Shapes.MAX_SIZE, Math.min(Shapes.MAX_SIZE, (long) strides[axis] * step));
        }
        pick(node, plan, 0, from, Shapes.places(shape, strides, first), shape, plan.batchAxis(from));
    }

    /** Returns a position within the axis, for a step forwards or backwards. */
    private static int clip(int position, int length, int step) {
        long positive = position < 0 ? (long) position + length : position;
        return step > 0
                ? (int) Math.max(0, Math.min(positive, length))
                : (int) Math.max(-1, Math.min(positive, length - 1L));
    }

    private static int at(GraphNode node, int[] values, int index) {
        if (index >= values.length) {
            throw BadGraph.of("slice %s: %d values (expected: as many as starts)", node, values.length);
        }
        return values[index];
    }

    private static void split(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.floats(0);
        int[] old = from.shape();
        int axis = Shapes.axis(node.integer("axis", 0), old.length);
        int[] sizes = node.hasInput(1) ? node.intConstant(1) : node.integers("split");
        int outputs = node.outputCount();
        if (sizes.length == 0) {
            sizes = equalParts(node, plan, old[axis], outputs);
        }
        if (sizes.length != outputs
                || Arrays.stream(sizes).anyMatch(size -> size < 0)
                || Arrays.stream(sizes).asLongStream().sum() != old[axis]) {
            throw BadGraph.of(
                    "split of %s: %s (expected: %d parts of %d in all)",
                    node, Arrays.toString(sizes), outputs, old[axis]);
        }
        plan.requireWithinRow(node, from, axis);
        int[] strides = Shapes.strides(old);
        int start = 0;
        for (int i = 0; i < outputs; i++) {
            int[] shape = old.clone();
            shape[axis] = sizes[i];
            if (node.hasOutput(i)) {
                int[] places = Shapes.places(shape, strides, start * strides[axis]);
                pick(node, plan, i, from, places, shape, plan.batchAxis(from));
            }
            start += sizes[i];
        }
    }

    private static int[] equalParts(GraphNode node, PlanBuilder plan, int length, int outputs) {
        int count = (int) node.integer("num_outputs", outputs);
        boolean mayBeUneven = plan.opset() >= SPLIT_COUNT_OPSET;
        if (count != outputs || outputs == 0 || (length % outputs != 0 && !mayBeUneven)) {
            throw BadGraph.of("outputs of %s: %d for %d values (expected: equal parts)", node, outputs, length);
        }
        int size = (length + outputs - 1) / outputs;
        int[] sizes = new int[outputs];
        Arrays.fill(sizes, size);
        sizes[outputs - 1] = length - size * (outputs - 1);
        return sizes;
    }

    private static void gather(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (node.input(0) instanceof Value.Texts) {
            ShapeOperators.gather(node, plan);
            return;
        }
        if (node.input(0) instanceof Value.FloatConstant table && node.input(1) instanceof Value.Floats indices) {
            embed(node, plan, table, indices);
            return;
        }
        Value.Floats from = node.operand(0, plan);
        int[] old = from.shape();
        int axis = Shapes.axis(node.integer("axis", 0), old.length);
        int[] indices = node.intConstant(1);
        plan.requireWithinRow(node, from, axis);
        int[] index = node.input(1).shape();
        int[] shape = joined(Arrays.copyOf(old, axis), index, Arrays.copyOfRange(old, axis + 1, old.length));
        int outer = Shapes.size(Arrays.copyOf(old, axis));
        int inner = Shapes.size(Arrays.copyOfRange(old, axis + 1, old.length));
        int[] places = new int[Shapes.size(shape)];
        int to = 0;
        for (int o = 0; o < outer; o++) {
            for (int i : indices) {
                int positive = Shapes.axis(i, old[axis]);
                for (int j = 0; j < inner; j++) {
                    places[to++] = (o * old[axis] + positive) * inner + j;
                }
            }
        }
        int batch = plan.batchAxis(from);
        boolean isMoved = batch > axis && batch < old.length;
        pick(node, plan, 0, from, places, shape, isMoved ? batch - 1 + index.length : batch);
    }

    private static void embed(GraphNode node, PlanBuilder plan, Value.FloatConstant table, Value.Floats indices) {
        if (table.rank() == 0 || Shapes.axis(node.integer("axis", 0), table.rank()) != 0) {
            throw node.unsupported("computed indices into another axis than the first");
        }
        int rowCount = table.shape()[0];
        int width = Shapes.size(Arrays.copyOfRange(table.shape(), 1, table.rank()));
        int[] shape = joined(indices.shape(), Arrays.copyOfRange(table.shape(), 1, table.rank()));
        int[] sources = new int[Shapes.size(shape)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = indices.sources()[i / width];
        }
        Value.Floats to = plan.allocate(shape, sources);
        plan.step(new EmbeddingStep(indices.offset(), indices.size(), to.offset(), table.values(), rowCount, width));
        plan.define(node.output(0), plan.withBatchAxis(to, plan.batchAxis(indices)));
    }

    private static void expand(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.operand(0, plan);
        int[] wanted = node.intConstant(1);
        int[] shape = Shapes.broadcast(from.shape(), wanted);
        int batch = plan.batchAxis(from);
        boolean isRow = batch >= 0 && batch < from.rank();
        int moved = isRow ? batch + shape.length - from.rank() : batch;
        if (isRow && shape[moved] != from.shape()[batch]) {
            throw node.unsupported("repeats axis %d, the batch", batch);
        }
        pick(node, plan, 0, from, Shapes.broadcastPlaces(from.shape(), shape), shape, moved);
    }

    private static void tile(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.operand(0, plan);
        int[] repeats = node.intConstant(1);
        int[] old = from.shape();
        if (repeats.length != old.length) {
            throw BadGraph.of("repeats of %s: %d values (expected: %d)", node, repeats.length, old.length);
        }
        int[] shape = new int[old.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = (int) Math.min(Integer.MAX_VALUE, (long) old[i] * Math.max(0, repeats[i]));
            if (repeats[i] != 1) {
                plan.requireWithinRow(node, from, i);
            }
        }
        int[] places = new int[Shapes.size(shape)];
        int[] strides = Shapes.strides(shape);
        int[] oldStrides = Shapes.strides(old);
        for (int i = 0; i < places.length; i++) {
            for (int axis = 0; axis < shape.length; axis++) {
                places[i] += i / strides[axis] % shape[axis] % old[axis] * oldStrides[axis];
            }
        }
        pick(node, plan, 0, from, places, shape, plan.batchAxis(from));
    }

    /** Puts a constant around a value; negative pads cut off. */
    private static void pad(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (!node.text("mode", "constant").equals("constant")) {
            throw node.unsupported("mode %s", node.text("mode", "constant"));
        }
        Value.Floats from = node.floats(0);
        int[] old = from.shape();
        int[] pads = pads(node, old.length);
        float filler = node.hasInput(2) ? single(node) : node.number("value", 0);
        int[] shape = new int[old.length];
        for (int i = 0; i < shape.length; i++) {
            long length = (long) old[i] + pads[i] + pads[old.length + i];
            shape[i] = (int) Math.max(0, Math.min(Integer.MAX_VALUE, length));
            if (pads[i] != 0 || pads[old.length + i] != 0) {
                plan.requireWithinRow(node, from, i);
            }
        }
        int[] places = new int[Shapes.size(shape)];
        int[] strides = Shapes.strides(shape);
        int[] oldStrides = Shapes.strides(old);
        for (int i = 0; i < places.length; i++) {
            for (int axis = 0; axis < shape.length; axis++) {
                int index = i / strides[axis] % shape[axis] - pads[axis];
                boolean isInside = index >= 0 && index < old[axis];
                places[i] = isInside && places[i] >= 0 ? places[i] + index * oldStrides[axis] : -1;
            }
        }
        Value.Floats to = plan.withBatchAxis(plan.allocate(shape), plan.batchAxis(from));
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < places.length; i++) {
                memory[out + i] = places[i] < 0 ? filler : memory[in + places[i]];
            }
        });
        plan.define(node.output(0), to);
    }

    private static int[] pads(GraphNode node, int rank) {
        int[] stated = node.hasInput(1) ? node.intConstant(1) : node.integers("pads");
        int[] axes = node.hasInput(3) ? node.intConstant(3) : new int[0];
        int count = axes.length == 0 ? rank : axes.length;
        if (stated.length != 2 * count) {
            throw BadGraph.of("pads of %s: %d values (expected: %d)", node, stated.length, 2 * count);
        }
        int[] pads = new int[2 * rank];
        for (int i = 0; i < count; i++) {
            int axis = axes.length == 0 ? i : Shapes.axis(axes[i], rank);
            pads[axis] = stated[i];
            pads[rank + axis] = stated[count + i];
        }
        return pads;
    }

    private static float single(GraphNode node) {
        Value.FloatConstant value = node.floatConstant(2);
        if (value.size() != 1) {
            throw BadGraph.of("filler of %s: %d values (expected: 1)", node, value.size());
        }
        return value.values()[0];
    }

    static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** Defines an output as the value's floats at these places. */
    static void pick(
            GraphNode node, PlanBuilder plan, int output, Value.Floats from, int[] places, int[] shape, int batchAxis) {
        int[] sources = new int[places.length];
        for (int i = 0; i < places.length; i++) {
            sources[i] = from.sources()[places[i]];
            places[i] += from.offset();
        }
        plan.define(node.output(output), plan.withBatchAxis(plan.gather(places, sources, shape), batchAxis));
    }
}
