package io.foresell.model.scorer;

import io.foresell.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operators that work element by element. */
final class ElementOperators {
    /** A function of one float. */
    @FunctionalInterface
    interface Unary {
        float apply(float x);
    }

    /** A function of two floats. */
    @FunctionalInterface
    interface Binary {
        float apply(float a, float b);
    }

    /** A function of many floats. */
    @FunctionalInterface
    interface Range {
        void apply(float[] x, int from, int count, float[] y, int to);
    }

    /** What a step before may do with a constant. */
    private static final Set<String> FOLDING = Set.of("Add", "Sub", "Mul", "Div");

    private ElementOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Relu", ElementOperators::relu);
        kernel(operators, "Tanh", Kernels.best()::tanh);
        kernel(operators, "Exp", Kernels.best()::exp);
        kernel(operators, "Erf", Kernels.best()::erf);
        unary(operators, "Neg", x -> -x);
        unary(operators, "Abs", Math::abs);
        unary(operators, "Log", x -> (float) Math.log(x));
        unary(operators, "Sqrt", x -> (float) Math.sqrt(x));
        operators.put("Sigmoid", ElementOperators::sigmoid);
        binary(operators, "Add", (a, b) -> a + b);
        binary(operators, "Sub", (a, b) -> a - b);
        binary(operators, "Mul", (a, b) -> a * b);
        binary(operators, "Div", (a, b) -> a / b);
        binary(operators, "Pow", (a, b) -> (float) Math.pow(a, b));
        unary(operators, "Sign", Math::signum);
        unary(operators, "Floor", x -> (float) Math.floor(x));
        unary(operators, "Ceil", x -> (float) Math.ceil(x));
        unary(operators, "Reciprocal", x -> 1 / x);
        unary(operators, "Round", x -> (float) Math.rint(x));
        unary(operators, "Sin", x -> (float) Math.sin(x));
        unary(operators, "Cos", x -> (float) Math.cos(x));
        operators.put("Mod", ElementOperators::remainder);
    }

    /** Returns the remainder with the sign of the divisor, or of the dividend when fmod is set. */
    private static void remainder(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        boolean isInteger = isInteger(plan, node.input(0)) && isInteger(plan, node.input(1));
        boolean isOfDividend = node.flag("fmod", false);
        if (!isOfDividend && !isInteger) {
            throw BadGraph.of("fmod of %s: 0 (expected: 1 for numbers that are no integers)", node);
        }
        Binary function = isOfDividend ? (a, b) -> a % b : (a, b) -> b == 0 ? 0 : Math.floorMod((long) a, (long) b);
        Value.Floats to = computed(plan, node.operand(0, plan), node.operand(1, plan), function);
        plan.define(node.output(0), isInteger ? plan.integers(to) : to);
    }

    /** Has the step before end in max(0, y) where it can. */
    private static void relu(GraphNode node, PlanBuilder plan) {
        FoldableStep before = plan.foldable(node.inputName(0));
        if (before == null || before.isRectified()) {
            plan.define(node.output(0), unary(node, plan, x -> x < 0 ? 0 : x));
            return;
        }
        node.requireOnlyOutput();
        Value.Floats value = node.floats(0);
        FoldableStep rectified = before.rectified();
        plan.replace(before, rectified);
        Value.Floats result = new Value.Floats(value.offset(), value.shape(), value.sources(), null, null);
        plan.define(node.output(0), plan.writtenBy(plan.withBatchAxis(result, plan.batchAxis(value)), rectified));
    }

    private static void kernel(Map<String, Operators.Operator> operators, String name, Range range) {
        operators.put(name, (node, plan) -> plan.define(node.output(0), kernel(node, plan, range)));
    }

    private static Value.Floats kernel(GraphNode node, PlanBuilder plan, Range range) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        Value.Floats to = plan.withBatchAxis(plan.allocate(from.shape(), from.sources()), plan.batchAxis(from));
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step((memory, texts, textBase) -> range.apply(memory, in, size, memory, out));
        return to;
    }

    private static void unary(Map<String, Operators.Operator> operators, String name, Unary function) {
        operators.put(name, (node, plan) -> plan.define(node.output(0), unary(node, plan, function)));
    }

    static Value.Floats unary(GraphNode node, PlanBuilder plan, Unary function) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        Value.Floats to = plan.withBatchAxis(plan.allocate(from.shape(), from.sources()), plan.batchAxis(from));
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < size; i++) {
                memory[out + i] = function.apply(memory[in + i]);
            }
        });
        return to;
    }

    private static void sigmoid(GraphNode node, PlanBuilder plan) {
        Value.Floats to = kernel(node, plan, Kernels.best()::sigmoid);
        Link link = new Link(Link.Kind.SIGMOID, node.floats(0));
        Value.Floats linked = new Value.Floats(to.offset(), to.shape(), to.sources(), null, link);
        plan.define(node.output(0), plan.withBatchAxis(linked, plan.batchAxis(to)));
    }

    private static void binary(Map<String, Operators.Operator> operators, String name, Binary function) {
        operators.put(name, (node, plan) -> {
            node.requireOnlyOutput();
            if (isInteger(plan, node.input(0)) && isInteger(plan, node.input(1))) {
                integers(node, plan, function, name);
                return;
            }
            Value a = floatsOf(node.input(0));
            Value b = floatsOf(node.input(1));
            if (a instanceof Value.Floats left && b instanceof Value.Floats right) {
                plan.define(node.output(0), computed(plan, left, right, function));
                if (name.equals("Mul") && node.inputName(0).equals(node.inputName(1))) {
                    plan.noteSquares(node.inputName(0), node.output(0));
                }
            } else if (a instanceof Value.Floats left && b instanceof Value.FloatConstant right) {
                if (!isFolded(node, plan, 0, right, name, false)) {
                    Value.Floats written = withConstant(plan, left, right, function, name, false);
                    plan.define(node.output(0), written);
                    if (name.equals("Sub") && plan.batchAxis(left) == 0 && SquaredDistances.isDifference(left, right)) {
                        plan.noteDifferences(left, right, written, node.output(0));
                    }
                }
            } else if (a instanceof Value.FloatConstant left && b instanceof Value.Floats right) {
                if (!isFolded(node, plan, 1, left, name, true)) {
                    plan.define(
                            node.output(0),
                            withConstant(plan, right, left, (x, c) -> function.apply(c, x), name, true));
                }
            } else {
                throw node.unsupported("operands that are not floats, or both constant");
            }
        });
    }

    private static boolean isInteger(PlanBuilder plan, Value value) {
        return value instanceof Value.IntConstant || (value instanceof Value.Floats floats && plan.isInteger(floats));
    }

    private static Value floatsOf(Value value) {
        return value instanceof Value.IntConstant constant ? constant.toFloats() : value;
    }

    private static void integers(GraphNode node, PlanBuilder plan, Binary function, String name) {
        if (name.equals("Sub") && node.inputName(0).equals(node.inputName(1))) {
            Value.Floats from = node.operand(0, plan);
            plan.define(node.output(0), plan.withBatchAxis(plan.zeros(from.shape()), plan.batchAxis(from)));
            return;
        }
        Binary whole = name.equals("Div") ? (a, b) -> (float) (long) (a / b) : function;
        plan.define(node.output(0), plan.integers(computed(plan, node.operand(0, plan), node.operand(1, plan), whole)));
    }

    /** Has the step before do an operation with one constant per channel, where it can. */
    private static boolean isFolded(
            GraphNode node,
            PlanBuilder plan,
            int input,
            Value.FloatConstant constant,
            String name,
            boolean isReversed) {
        if (!FOLDING.contains(name)) {
            return false;
        }
        FoldableStep before = plan.foldable(node.inputName(input));
        Value.Floats value = node.floats(input);
        float[] constants = before == null || before.isRectified() ? null : perChannel(before, value, constant);
        if (before == null || constants == null) {
            return false;
        }
        float[] scale = new float[constants.length];
        float[] shift = new float[constants.length];
        for (int i = 0; i < constants.length; i++) {
            float c = constants[i];
            switch (name) {
                case "Add" -> scale[i] = 1;
                case "Sub" -> scale[i] = isReversed ? -1 : 1;
                case "Mul" -> scale[i] = c;
                default -> scale[i] = isReversed ? Float.NaN : 1 / c;
            }
            shift[i] = name.equals("Add") || (name.equals("Sub") && isReversed) ? c : name.equals("Sub") ? -c : 0;
            if (!Float.isFinite(scale[i])) {
                return false;
            }
        }
        fold(plan, before, value, node.output(0), scale, shift, additive(value, name, constant, isReversed));
        return true;
    }

    private static @Nullable Affine additive(
            Value.Floats value, String name, Value.FloatConstant constant, boolean isReversed) {
        if (value.additive() == null) {
            return null;
        }
        int[] places = Shapes.broadcastPlaces(constant.shape(), value.shape());
        float[] constants = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            constants[i] = constant.values()[places[i]];
        }
        return value.additive().then(name, constants, isReversed);
    }

    /** Replaces a step by one that also scales and shifts its result, and defines the output. */
    static void fold(
            PlanBuilder plan,
            FoldableStep before,
            Value.Floats value,
            String output,
            float[] scale,
            float[] shift,
            @Nullable Affine additive) {
        FoldableStep scaled = before.scaled(scale, shift);
        plan.replace(before, scaled);
        Value.Floats result = new Value.Floats(value.offset(), value.shape(), value.sources(), additive, null);
        plan.define(output, plan.writtenBy(plan.withBatchAxis(result, plan.batchAxis(value)), scaled));
    }

    /** Returns a constant as one value per channel; null when it differs within a channel or makes the shape larger. */
    private static float @Nullable [] perChannel(FoldableStep step, Value.Floats value, Value.FloatConstant constant) {
        if (!Arrays.equals(Shapes.broadcast(value.shape(), constant.shape()), value.shape())) {
            return null;
        }
        int[] places = Shapes.broadcastPlaces(constant.shape(), value.shape());
        float[] found = new float[step.channels()];
        boolean[] isFound = new boolean[found.length];
        for (int i = 0; i < places.length; i++) {
            int channel = i / step.channelRun() % step.channels();
            float c = constant.values()[places[i]];
            if (isFound[channel] && found[channel] != c) {
                return null;
            }
            found[channel] = c;
            isFound[channel] = true;
        }
        return found;
    }

    static Value.Floats computed(PlanBuilder plan, Value.Floats a, Value.Floats b, Binary function) {
        int[] shape = Shapes.broadcast(a.shape(), b.shape());
        int[] left = Shapes.broadcastPlaces(a.shape(), shape);
        int[] right = Shapes.broadcastPlaces(b.shape(), shape);
        int[] sources = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            int source = a.sources()[left[i]];
            sources[i] = PlanBuilder.commonSource(source, b.sources()[right[i]]);
            left[i] += a.offset();
            right[i] += b.offset();
        }
        Value.Floats to = plan.withBatchAxis(plan.allocate(shape, sources), plan.batchAxis(a, b, shape.length));
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < left.length; i++) {
                memory[out + i] = function.apply(memory[left[i]], memory[right[i]]);
            }
        });
        return to;
    }

    static Value.Floats withConstant(
            PlanBuilder plan, Value.Floats a, Value.FloatConstant b, Binary function, String name, boolean isReversed) {
        int[] shape = Shapes.broadcast(a.shape(), b.shape());
        int[] left = Shapes.broadcastPlaces(a.shape(), shape);
        int[] right = Shapes.broadcastPlaces(b.shape(), shape);
        float[] constants = new float[right.length];
        int[] sources = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            constants[i] = b.values()[right[i]];
            // Times zero, as exporters write a constant per row, depends on nothing.
            sources[i] = name.equals("Mul") && constants[i] == 0 ? PlanBuilder.NO_SOURCE : a.sources()[left[i]];
            left[i] += a.offset();
        }
        Value.Floats to = plan.allocate(shape, sources);
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < constants.length; i++) {
                memory[out + i] = function.apply(memory[left[i]], constants[i]);
            }
        });
        Affine additive = a.additive() == null ? null : a.additive().then(name, constants, isReversed);
        return plan.withBatchAxis(
                new Value.Floats(out, shape, sources, additive, null),
                BatchAxis.broadcast(plan.batchAxis(a), a.rank(), shape.length));
    }
}
