package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Operators that compare, choose and combine; a boolean is 1 or 0. */
final class LogicOperators {
    private LogicOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        compare(operators, "Less", (a, b) -> a < b ? 1 : 0);
        compare(operators, "LessOrEqual", (a, b) -> a <= b ? 1 : 0);
        compare(operators, "Greater", (a, b) -> a > b ? 1 : 0);
        compare(operators, "GreaterOrEqual", (a, b) -> a >= b ? 1 : 0);
        compare(operators, "Equal", (a, b) -> a == b ? 1 : 0);
        compare(operators, "And", (a, b) -> a != 0 && b != 0 ? 1 : 0);
        compare(operators, "Or", (a, b) -> a != 0 || b != 0 ? 1 : 0);
        compare(operators, "Xor", (a, b) -> (a != 0) == (b != 0) ? 0 : 1);
        test(operators, "Not", x -> x == 0 ? 1 : 0);
        test(operators, "IsNaN", x -> Float.isNaN(x) ? 1 : 0);
        many(operators, "Sum", (a, b) -> a + b);
        many(operators, "Max", (a, b) -> Float.isNaN(a) || a > b ? a : b);
        many(operators, "Min", (a, b) -> Float.isNaN(a) || a < b ? a : b);
        operators.put("Mean", (node, plan) -> {
            Value.Floats sum = combined(node, plan, (a, b) -> a + b);
            Value.FloatConstant count = new Value.FloatConstant(new float[] {node.inputCount()}, new int[] {1});
            plan.define(node.output(0), ElementOperators.withConstant(plan, sum, count, (a, b) -> a / b, "Div", false));
        });
        operators.put("Where", LogicOperators::choose);
        operators.put("Clip", LogicOperators::clip);
    }

    private static void compare(
            Map<String, Operators.Operator> operators, String name, ElementOperators.Binary function) {
        operators.put(name, (node, plan) -> {
            node.requireOnlyOutput();
            plan.define(
                    node.output(0),
                    plan.integers(
                            ElementOperators.computed(plan, node.operand(0, plan), node.operand(1, plan), function)));
        });
    }

    private static void test(Map<String, Operators.Operator> operators, String name, ElementOperators.Unary function) {
        operators.put(
                name,
                (node, plan) ->
                        plan.define(node.output(0), plan.integers(ElementOperators.unary(node, plan, function))));
    }

    private static void many(Map<String, Operators.Operator> operators, String name, ElementOperators.Binary function) {
        operators.put(name, (node, plan) -> plan.define(node.output(0), combined(node, plan, function)));
    }

    private static Value.Floats combined(GraphNode node, PlanBuilder plan, ElementOperators.Binary function) {
        node.requireOnlyOutput();
        Value.Floats result = node.operand(0, plan);
        for (int i = 1; i < node.inputCount(); i++) {
            Value.Floats next = node.operand(i, plan);
            boolean isInteger = plan.isInteger(result) && plan.isInteger(next);
            result = ElementOperators.computed(plan, result, next, function);
            if (isInteger) {
                plan.integers(result);
            }
        }
        return result;
    }

    private static void choose(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats condition = node.operand(0, plan);
        if (node.input(1) instanceof Value.Texts yes && node.input(2) instanceof Value.Texts no) {
            plan.define(node.output(0), chosen(plan, condition, yes, no));
            return;
        }
        Value.Floats yes = node.operand(1, plan);
        Value.Floats no = node.operand(2, plan);
        int[] shape = Shapes.broadcast(condition.shape(), Shapes.broadcast(yes.shape(), no.shape()));
        int[] ifs = places(condition, shape);
        int[] thens = places(yes, shape);
        int[] elses = places(no, shape);
        Value.Floats to = plan.allocate(shape, commonSources(shape, condition, yes, no));
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < ifs.length; i++) {
                memory[out + i] = memory[memory[ifs[i]] != 0 ? thens[i] : elses[i]];
            }
        });
        plan.define(node.output(0), plan.isInteger(yes) && plan.isInteger(no) ? plan.integers(to) : to);
    }

    private static Value.Texts chosen(PlanBuilder plan, Value.Floats condition, Value.Texts yes, Value.Texts no) {
        int[] shape = Shapes.broadcast(condition.shape(), Shapes.broadcast(yes.shape(), no.shape()));
        int[] ifs = places(condition, shape);
        int[] thens = Shapes.broadcastPlaces(yes.shape(), shape);
        int[] elses = Shapes.broadcastPlaces(no.shape(), shape);
        int[] conditions = Shapes.broadcastPlaces(condition.shape(), shape);
        int[] places = new int[ifs.length];
        int[] sources = new int[ifs.length];
        for (int i = 0; i < places.length; i++) {
            int place = ifs[i];
            TextReader first = plan.reader(yes.places()[thens[i]]);
            TextReader second = plan.reader(no.places()[elses[i]]);
            places[i] = plan.computedText(
                    (memory, texts, textBase) -> (memory[place] != 0 ? first : second).read(memory, texts, textBase));
            sources[i] = PlanBuilder.commonSource(
                    condition.sources()[conditions[i]],
                    PlanBuilder.commonSource(yes.sources()[thens[i]], no.sources()[elses[i]]));
        }
        return new Value.Texts(places, shape, sources);
    }

    /** Returns the places of a value in the memory for each place of a shape it is broadcast to. */
    private static int[] places(Value.Floats value, int[] shape) {
        int[] places = Shapes.broadcastPlaces(value.shape(), shape);
        for (int i = 0; i < places.length; i++) {
            places[i] += value.offset();
        }
        return places;
    }

    /** Returns the only input that each place of a shape depends on; a constant depends on none and does not count. */
    private static int[] commonSources(int[] shape, Value.Floats... values) {
        int[] sources = new int[Shapes.size(shape)];
        Arrays.fill(sources, PlanBuilder.NO_SOURCE);
        for (Value.Floats value : values) {
            int[] places = Shapes.broadcastPlaces(value.shape(), shape);
            for (int i = 0; i < sources.length; i++) {
                sources[i] = PlanBuilder.commonSource(sources[i], value.sources()[places[i]]);
            }
        }
        return sources;
    }

    private static void clip(GraphNode node, PlanBuilder plan) {
        float low = bound(node, 1, "min", -Float.MAX_VALUE);
        float high = bound(node, 2, "max", Float.MAX_VALUE);
        plan.define(
                node.output(0),
                ElementOperators.unary(node, plan, x -> x < low ? Math.min(low, high) : x > high ? high : x));
    }

    /** Returns a bound: an attribute up to opset 10, an optional scalar input since. */
    private static float bound(GraphNode node, int input, String attribute, float absent) {
        if (!node.hasInput(input)) {
            return node.number(attribute, absent);
        }
        float[] values = node.numbersConstant(input);
        if (values.length != 1) {
            throw BadGraph.of("input %d of %s: %d values (expected: 1)", input, node, values.length);
        }
        return values[0];
    }
}
