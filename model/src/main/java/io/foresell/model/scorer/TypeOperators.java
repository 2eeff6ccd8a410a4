package io.foresell.model.scorer;

import io.foresell.model.onnx.TensorProto.DataType;
import java.util.Arrays;
import java.util.Map;

/**
 * Operators about types and shapes. In the memory of a row every number is a float: a double is rounded to one, an integer is
 * exact up to 2^24, a boolean is 1 or 0.
 */
final class TypeOperators {
    private static final float LEAST_LONG = Long.MIN_VALUE;
    private static final float LEAST_INT = Integer.MIN_VALUE;

    private TypeOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Cast", TypeOperators::cast);
        operators.put("Shape", TypeOperators::shape);
        operators.put("ConstantOfShape", TypeOperators::fill);
    }

    private static void cast(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        long to = node.integer("to", 0);
        EncodedColumns columns = node.encodedColumns(0);
        boolean isReal = to == DataType.FLOAT.getNumber() || to == DataType.DOUBLE.getNumber();
        if (isReal && columns != null) {
            plan.define(node.output(0), columns);
            return;
        }
        Value.Floats from = node.floats(0);
        if (isReal) {
            plan.define(node.output(0), plan.isInteger(from) ? ElementOperators.unary(node, plan, x -> x) : from);
        } else if (to == DataType.BOOL.getNumber()) {
            plan.define(node.output(0), plan.integers(ElementOperators.unary(node, plan, x -> x == 0 ? 0 : 1)));
        } else if (to == DataType.INT64.getNumber() || to == DataType.INT32.getNumber()) {
            float least = to == DataType.INT64.getNumber() ? LEAST_LONG : LEAST_INT;
            plan.define(
                    node.output(0),
                    plan.isInteger(from)
                            ? from
                            : plan.integers(ElementOperators.unary(node, plan, x -> truncated(x, least))));
        } else {
            throw node.unsupported("cast to type %d", to);
        }
    }

    /** Returns the integer towards zero; what no integer holds becomes the least one, as processors of this family have it. */
    private static float truncated(float x, float least) {
        return x >= least && x < -least ? (float) (long) x : least;
    }

    /** The first dimension is 1: a plan is for one row, and whatever has the shape of it is made row by row too. */
    private static void shape(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        if (node.encodedColumns(0) == null && GraphNode.isOfTokens(node.input(0))) {
            throw node.unsupported("the number of tokens");
        }
        int[] shape = node.shapeOf(0);
        int start = position(node.integer("start", 0), shape.length);
        int end = Math.max(start, position(node.integer("end", shape.length), shape.length));
        long[] values = Arrays.stream(shape, start, end).asLongStream().toArray();
        plan.define(node.output(0), new Value.IntConstant(values, new int[] {values.length}));
    }

    private static int position(long position, int rank) {
        return (int) Math.max(0, Math.min(rank, position < 0 ? position + rank : position));
    }

    private static void fill(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        int[] shape = node.intConstant(0);
        int size = Shapes.size(shape);
        Value value = node.has("value")
                ? GraphReader.constant(node.tensor("value").getT())
                : new Value.FloatConstant(new float[1], new int[] {1});
        if (value.size() != 1) {
            throw BadGraph.of("value of %s: %d values (expected: 1)", node, value.size());
        }
        if (value instanceof Value.IntConstant integer) {
            long[] values = new long[size];
            Arrays.fill(values, integer.values()[0]);
            plan.define(node.output(0), new Value.IntConstant(values, shape));
        } else if (value instanceof Value.FloatConstant number) {
            float[] values = new float[size];
            Arrays.fill(values, number.values()[0]);
            plan.define(node.output(0), new Value.FloatConstant(values, shape));
        }
    }
}
