package io.foresell.model.scorer;

import java.util.Map;

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

    private ElementOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        unary(operators, "Relu", x -> x < 0 ? 0 : x);
        unary(operators, "Tanh", ElementOperators::tanh);
        unary(operators, "Neg", x -> -x);
        unary(operators, "Abs", Math::abs);
        unary(operators, "Exp", x -> (float) Math.exp(x));
        unary(operators, "Log", x -> (float) Math.log(x));
        unary(operators, "Sqrt", x -> (float) Math.sqrt(x));
        operators.put("Sigmoid", ElementOperators::sigmoid);
        operators.put("Softmax", ElementOperators::softmax);
        binary(operators, "Add", (a, b) -> a + b);
        binary(operators, "Sub", (a, b) -> a - b);
        binary(operators, "Mul", (a, b) -> a * b);
        binary(operators, "Div", (a, b) -> a / b);
    }

    static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    /** Returns tanh through exp, which the JIT has as an intrinsic and {@code Math.tanh} it has not on JDK 17. */
    static float tanh(float x) {
        return (float) (1 - 2 / (1 + Math.exp(2.0 * x)));
    }

    private static void unary(Map<String, Operators.Operator> operators, String name, Unary function) {
        operators.put(name, (node, plan) -> plan.define(node.output(0), unary(node, plan, function)));
    }

    private static Value.Floats unary(GraphNode node, PlanBuilder plan, Unary function) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        Value.Floats to = plan.allocate(from.shape(), from.sources());
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
        Value.Floats to = unary(node, plan, ElementOperators::sigmoid);
        plan.define(
                node.output(0),
                new Value.Floats(
                        to.offset(), to.shape(), to.sources(), null, new Link(Link.Kind.SIGMOID, node.floats(0))));
    }

    private static void softmax(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int axis = Shapes.axis(node.integer("axis", -1), from.rank());
        if (axis != from.rank() - 1 || from.rank() != 2) {
            throw node.unsupported("axis %d of rank %d", axis, from.rank());
        }
        Value.Floats to = plan.allocate(from.shape());
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        if (from.shape()[0] != 1) {
            throw node.unsupported("%d rows", from.shape()[0]);
        }
        plan.step((memory, texts, textBase) -> {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < size; i++) {
                max = Math.max(max, memory[in + i]);
            }
            double sum = 0;
            for (int i = 0; i < size; i++) {
                double e = Math.exp(memory[in + i] - max);
                memory[out + i] = (float) e;
                sum += e;
            }
            for (int i = 0; i < size; i++) {
                memory[out + i] = (float) (memory[out + i] / sum);
            }
        });
        plan.define(
                node.output(0),
                new Value.Floats(out, to.shape(), to.sources(), null, new Link(Link.Kind.SOFTMAX, from)));
    }

    private static void binary(Map<String, Operators.Operator> operators, String name, Binary function) {
        operators.put(name, (node, plan) -> {
            node.requireOnlyOutput();
            Value a = node.input(0);
            Value b = node.input(1);
            if (a instanceof Value.Floats left && b instanceof Value.Floats right) {
                plan.define(node.output(0), computed(plan, left, right, function));
            } else if (a instanceof Value.Floats left && b instanceof Value.FloatConstant right) {
                plan.define(node.output(0), withConstant(plan, left, right, function, name, false));
            } else if (a instanceof Value.FloatConstant left && b instanceof Value.Floats right) {
                plan.define(
                        node.output(0), withConstant(plan, right, left, (x, c) -> function.apply(c, x), name, true));
            } else {
                throw node.unsupported("operands that are not floats, or both constant");
            }
        });
    }

    private static Value.Floats computed(PlanBuilder plan, Value.Floats a, Value.Floats b, Binary function) {
        int[] shape = Shapes.broadcast(a.shape(), b.shape());
        int[] left = Shapes.broadcastPlaces(a.shape(), shape);
        int[] right = Shapes.broadcastPlaces(b.shape(), shape);
        int[] sources = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            int source = a.sources()[left[i]];
            sources[i] = source == b.sources()[right[i]] ? source : -1;
            left[i] += a.offset();
            right[i] += b.offset();
        }
        Value.Floats to = plan.allocate(shape, sources);
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < left.length; i++) {
                memory[out + i] = function.apply(memory[left[i]], memory[right[i]]);
            }
        });
        return to;
    }

    private static Value.Floats withConstant(
            PlanBuilder plan, Value.Floats a, Value.FloatConstant b, Binary function, String name, boolean isReversed) {
        int[] shape = Shapes.broadcast(a.shape(), b.shape());
        int[] left = Shapes.broadcastPlaces(a.shape(), shape);
        int[] right = Shapes.broadcastPlaces(b.shape(), shape);
        float[] constants = new float[right.length];
        int[] sources = new int[left.length];
        for (int i = 0; i < left.length; i++) {
            constants[i] = b.values()[right[i]];
            sources[i] = a.sources()[left[i]];
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
        return new Value.Floats(out, shape, sources, additive, null);
    }
}
