package io.foresell.model.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators that only move or rename values. */
final class ShapeOperators {
    private ShapeOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Identity", ShapeOperators::keep);
        operators.put("Dropout", ShapeOperators::keep);
        operators.put("Reshape", ShapeOperators::reshape);
        operators.put("Flatten", ShapeOperators::flatten);
        operators.put("Unsqueeze", ShapeOperators::unsqueeze);
        operators.put("Squeeze", ShapeOperators::squeeze);
        operators.put("Transpose", ShapeOperators::transpose);
        operators.put("Concat", ShapeOperators::concat);
        operators.put("Constant", (node, plan) -> {
            node.requireOnlyOutput();
            plan.define(
                    node.output(0), GraphReader.constant(node.tensor("value").getT()));
        });
    }

    private static void keep(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value value = node.encodedColumns(0);
        plan.define(node.output(0), value == null ? node.input(0) : value);
    }

    private static void reshape(GraphNode node, PlanBuilder plan) {
        int[] old = node.shapeOf(0);
        int[] written = node.intConstant(1);
        int[] shape = written.clone();
        boolean copiesZeros = !node.flag("allowzero", false);
        int unknown = -1;
        long known = 1;
        for (int i = 0; i < shape.length; i++) {
            if (copiesZeros && shape[i] == 0 && i < old.length) {
                shape[i] = old[i];
            }
            if (shape[i] == -1 && unknown < 0) {
                unknown = i;
            } else if (shape[i] < 0) {
                throw BadGraph.of("shape of %s: %s (expected: at most one -1)", node, Arrays.toString(shape));
            } else {
                known = Math.min(known * shape[i], Integer.MAX_VALUE);
            }
        }
        if (unknown >= 0 && known > 0) {
            shape[unknown] = (int) (Shapes.size(old) / known);
        }
        if (plan.isStacked(node.inputName(0))) {
            // Batches one behind the other are apart again where their count is a dimension of its own.
            if (unknown < 1 || shape[0] != old[0] || Shapes.size(Arrays.copyOf(shape, unknown)) != old[0]) {
                throw node.unsupported("a concatenation of batches");
            }
            rename(node, plan, shape, unknown);
            return;
        }
        rename(node, plan, shape, BatchAxis.reshaped(old, batchAxis(node, plan), shape, written));
    }

    private static void flatten(GraphNode node, PlanBuilder plan) {
        if (node.encodedColumns(0) == null && node.input(0) instanceof Value.Tokens tokens) {
            if (tokens.rank() > 3 || node.integer("axis", 1) != 1 || plan.batchAxis(tokens) != 0) {
                throw node.unsupported("tokens of shape %s", Arrays.toString(tokens.shape()));
            }
            plan.define(node.output(0), tokens.withShape(new int[] {1, 1}));
            return;
        }
        int[] old = node.shapeOf(0);
        long axis = node.integer("axis", 1);
        int split = axis == old.length ? old.length : Shapes.axis(axis, old.length);
        int left = Shapes.size(Arrays.copyOf(old, split));
        int right = Shapes.size(Arrays.copyOfRange(old, split, old.length));
        int batch = batchAxis(node, plan);
        rename(node, plan, new int[] {left, right}, batch >= old.length || batch < 0 ? batch : batch < split ? 0 : 1);
    }

    /** Returns the axes from the second input (opset 13) or the attribute (before). */
    private static int[] axes(GraphNode node) {
        return node.hasInput(1) ? node.intConstant(1) : node.integers("axes");
    }

    private static void unsqueeze(GraphNode node, PlanBuilder plan) {
        int[] axes = axes(node);
        int rank = node.input(0).rank() + axes.length;
        boolean[] isNew = new boolean[rank];
        for (int axis : axes) {
            isNew[Shapes.axis(axis, rank)] = true;
        }
        int[] shape = new int[rank];
        int from = 0;
        for (int i = 0; i < rank; i++) {
            shape[i] =
                    isNew[i] || from >= node.input(0).rank() ? 1 : node.input(0).shape()[from++];
        }
        rename(node, plan, shape, BatchAxis.unsqueezed(batchAxis(node, plan), isNew));
    }

    private static void squeeze(GraphNode node, PlanBuilder plan) {
        int[] old = node.input(0).shape();
        int[] axes = axes(node);
        if (axes.length == 0) {
            // Which dimensions are 1 would depend on the batch.
            throw node.unsupported("no axes");
        }
        boolean[] isGone = new boolean[old.length];
        for (int axis : axes) {
            int positive = Shapes.axis(axis, old.length);
            if (old[positive] != 1) {
                throw BadGraph.of("axis %d of %s: length %d (expected: 1)", axis, node, old[positive]);
            }
            isGone[positive] = true;
        }
        List<Integer> shape = new ArrayList<>();
        for (int i = 0; i < old.length; i++) {
            if (!isGone[i]) {
                shape.add(old[i]);
            }
        }
        int batch = BatchAxis.squeezed(node, batchAxis(node, plan), isGone);
        if (node.input(0) instanceof Value.Tokens tokens && !isGone[old.length - 1]) {
            int[] left = shape.stream().mapToInt(Integer::intValue).toArray();
            plan.define(node.output(0), plan.withBatchAxis(tokens.withShape(left), batch));
            return;
        }
        rename(node, plan, shape.stream().mapToInt(Integer::intValue).toArray(), batch);
    }

    private static int batchAxis(GraphNode node, PlanBuilder plan) {
        Value columns = node.encodedColumns(0);
        return plan.batchAxis(columns == null ? node.input(0) : columns);
    }

    private static void rename(GraphNode node, PlanBuilder plan, int[] shape, int batchAxis) {
        node.requireOnlyOutput();
        EncodedColumns columns = node.encodedColumns(0);
        Value value = columns == null ? node.input(0) : columns;
        if (Shapes.size(shape) != value.size()) {
            throw BadGraph.of("shape of %s: %s (expected: %d values)", node, Arrays.toString(shape), value.size());
        }
        if (GraphNode.isOfTokens(value)) {
            throw node.unsupported("tokens of a text");
        }
        if (columns != null) {
            plan.define(node.output(0), plan.withBatchAxis(columns.withShape(shape), batchAxis));
        } else if (value instanceof Value.Floats floats) {
            plan.define(node.output(0), plan.withBatchAxis(floats.withShape(shape), batchAxis));
        } else if (value instanceof Value.Texts texts) {
            plan.define(node.output(0), new Value.Texts(texts.places(), shape, texts.sources()));
        } else if (value instanceof Value.FloatConstant constant) {
            plan.define(node.output(0), new Value.FloatConstant(constant.values(), shape));
        } else if (value instanceof Value.IntConstant constant) {
            plan.define(node.output(0), new Value.IntConstant(constant.values(), shape));
        }
    }

    private static void transpose(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        int[] old = node.floats(0).shape();
        int[] permutation = node.integers("perm");
        if (permutation.length == 0) {
            permutation = new int[old.length];
            for (int i = 0; i < old.length; i++) {
                permutation[i] = old.length - 1 - i;
            }
        }
        boolean[] isUsed = new boolean[old.length];
        int[] shape = new int[old.length];
        int[] strides = new int[old.length];
        for (int i = 0; i < old.length; i++) {
            int from = permutation.length == old.length ? permutation[i] : -1;
            if (from < 0 || from >= old.length || isUsed[from]) {
                throw BadGraph.of("perm of %s: %s (expected: a permutation)", node, Arrays.toString(permutation));
            }
            isUsed[from] = true;
            shape[i] = old[from];
            strides[i] = Shapes.strides(old)[from];
        }
        int batch = plan.batchAxis(node.floats(0));
        for (int i = 0; i < permutation.length; i++) {
            if (permutation[i] == plan.batchAxis(node.floats(0))) {
                batch = i;
            }
        }
        SliceOperators.pick(node, plan, 0, node.floats(0), Shapes.places(shape, strides, 0), shape, batch);
    }

    /** Picks texts. */
    static void gather(GraphNode node, PlanBuilder plan) {
        int[] old = node.input(0).shape();
        int axis = Shapes.axis(node.integer("axis", 0), old.length);
        int[] indices = node.intConstant(1);
        if (axis == 0 && old[0] == 1) {
            throw node.unsupported("a gather along the batch");
        }
        int outer = Shapes.size(Arrays.copyOf(old, axis));
        int inner = Shapes.size(Arrays.copyOfRange(old, axis + 1, old.length));
        int[] shape =
                joined(Arrays.copyOf(old, axis), node.input(1).shape(), Arrays.copyOfRange(old, axis + 1, old.length));
        int[] places = new int[Shapes.size(shape)];
        int to = 0;
        for (int o = 0; o < outer; o++) {
            for (int index : indices) {
                int positive = Shapes.axis(index, old[axis]);
                for (int i = 0; i < inner; i++) {
                    places[to++] = (o * old[axis] + positive) * inner + i;
                }
            }
        }
        pick(node, plan, places, shape);
    }

    private static int[] joined(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    /** Defines the output as the input's floats at these places. */
    static void pick(GraphNode node, PlanBuilder plan, int[] places, int[] shape) {
        node.requireOnlyOutput();
        int[] sources = new int[places.length];
        if (node.input(0) instanceof Value.Texts texts) {
            int[] picked = new int[places.length];
            for (int i = 0; i < places.length; i++) {
                sources[i] = texts.sources()[places[i]];
                picked[i] = texts.places()[places[i]];
            }
            plan.define(node.output(0), new Value.Texts(picked, shape, sources));
            return;
        }
        Value.Floats from = node.floats(0);
        for (int i = 0; i < places.length; i++) {
            sources[i] = from.sources()[places[i]];
            places[i] += from.offset();
        }
        plan.define(node.output(0), plan.gather(places, sources, shape));
    }

    /** Puts encoded columns side by side without computing them; returns false when there are none or the shapes are others. */
    private static boolean concatEncoded(GraphNode node, PlanBuilder plan) {
        boolean isEncoded = false;
        int width = 0;
        for (int i = 0; i < node.inputCount(); i++) {
            isEncoded |= node.encodedColumns(i) != null;
        }
        int last = node.shapeOf(0).length - 1;
        if (!isEncoded || Shapes.axis(node.integer("axis", 0), last + 1) != last) {
            return false;
        }
        for (int i = 0; i < node.inputCount(); i++) {
            int[] shape = node.shapeOf(i);
            if (shape.length != last + 1 || last < 1 || Shapes.size(shape) != shape[last]) {
                return false;
            }
            width += shape[last];
        }
        List<EncodedColumns> values = new ArrayList<>();
        for (int i = 0; i < node.inputCount(); i++) {
            EncodedColumns columns = node.encodedColumns(i);
            values.add(columns == null ? EncodedColumns.of(plan, node.floats(i)) : columns);
        }
        int[] shape = node.shapeOf(0).clone();
        shape[last] = width;
        plan.define(node.output(0), EncodedColumns.concat(plan, values, shape));
        return true;
    }

    private static void concat(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (node.encodedColumns(0) == null && node.input(0) instanceof Value.TokenNumbers numbers) {
            SplitOperators.concat(node, plan, numbers);
            return;
        }
        if (concatEncoded(node, plan)) {
            return;
        }
        int rank = node.input(0).rank();
        int axis = Shapes.axis(node.integer("axis", 0), rank);
        boolean isText = node.input(0) instanceof Value.Texts;
        List<Value> parts = new ArrayList<>();
        for (int i = 0; i < node.inputCount(); i++) {
            parts.add(isText ? node.texts(i) : node.operand(i, plan));
        }
        int batch = BatchAxis.NONE;
        boolean isStack = axis == 0 && rank > 1 && parts.stream().allMatch(part -> plan.batchAxis(part) == 0);
        if (isStack) {
            plan.stack(node.output(0));
        }
        for (Value part : parts) {
            if (axis < part.rank() && !isStack) {
                plan.requireWithinRow(node, part, axis);
            }
            batch = batch == BatchAxis.NONE ? plan.batchAxis(part) : batch;
        }
        int[] shape = joinedShape(node, parts, axis);
        int[] places = new int[Shapes.size(shape)];
        int[] sources = new int[places.length];
        int row = Shapes.size(Arrays.copyOfRange(shape, axis, rank));
        int start = 0;
        for (Value part : parts) {
            int[] from = part instanceof Value.Texts texts ? texts.places() : consecutive((Value.Floats) part);
            int[] fromSources = part instanceof Value.Texts texts ? texts.sources() : ((Value.Floats) part).sources();
            int width = Shapes.size(Arrays.copyOfRange(part.shape(), axis, rank));
            for (int j = 0; j < from.length; j++) {
                int to = j / width * row + start + j % width;
                places[to] = from[j];
                sources[to] = fromSources[j];
            }
            start += width;
        }
        plan.define(
                node.output(0),
                plan.withBatchAxis(
                        isText ? new Value.Texts(places, shape, sources) : plan.gather(places, sources, shape), batch));
    }

    private static int[] joinedShape(GraphNode node, List<Value> parts, int axis) {
        int[] shape = parts.get(0).shape().clone();
        shape[axis] = 0;
        for (int i = 0; i < parts.size(); i++) {
            int[] part = parts.get(i).shape();
            int[] expected = shape.clone();
            expected[axis] = part.length == shape.length ? part[axis] : 0;
            if (!Arrays.equals(part, expected)) {
                throw BadGraph.of(
                        "input %d of %s: shape %s (expected: %s)",
                        i, node, Arrays.toString(part), Arrays.toString(expected));
            }
            shape[axis] += part[axis];
            Shapes.size(shape);
        }
        return shape;
    }

    private static int[] consecutive(Value.Floats floats) {
        int[] places = new int[floats.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = floats.offset() + i;
        }
        return places;
    }
}
