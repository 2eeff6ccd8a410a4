package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Products with constant matrices. */
final class DenseOperators {
    /** Above so many outputs the columns are written once and multiplied by whole rows of weights. */
    private static final int MAX_FUSED = 8;

    private DenseOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Gemm", DenseOperators::gemm);
        operators.put("MatMul", DenseOperators::matMul);
    }

    private static void gemm(GraphNode node, PlanBuilder plan) {
        Value.FloatConstant b = node.floatConstant(1);
        boolean isTransposed = node.flag("transB", false);
        if (node.flag("transA", false) || node.shapeOf(0).length != 2) {
            throw node.unsupported("a transposed first operand, or one that is not a matrix");
        }
        requireMatrix(node, b);
        float alpha = finite(node, "alpha");
        float beta = finite(node, "beta");
        int in = b.shape()[isTransposed ? 1 : 0];
        int out = b.shape()[isTransposed ? 0 : 1];
        float[] weights = new float[in * out];
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                weights[i * out + o] = alpha * b.values()[isTransposed ? o * in + i : i * out + o];
            }
        }
        float[] bias = new float[out];
        if (node.hasInput(2) && node.input(2) instanceof Value.Floats c) {
            requireLength(node, in);
            Value.FloatConstant factor = new Value.FloatConstant(new float[] {beta}, new int[] {1});
            Value.Floats added = ElementOperators.withConstant(plan, c, factor, (x, y) -> x * y, "Mul", false);
            plan.define(
                    node.output(0),
                    ElementOperators.computed(plan, dense(node, plan, weights, bias), added, Float::sum));
            return;
        }
        if (node.hasInput(2)) {
            Value.FloatConstant c = node.floatConstant(2);
            if (c.size() != 1 && c.size() != out) {
                throw BadGraph.of("third operand of %s: %d values (expected: %d)", node, c.size(), out);
            }
            for (int o = 0; o < out; o++) {
                bias[o] = beta * c.values()[c.size() == 1 ? 0 : o];
            }
        }
        multiply(node, plan, weights, bias, in);
    }

    private static void matMul(GraphNode node, PlanBuilder plan) {
        if (!(node.input(1) instanceof Value.FloatConstant b) || b.rank() == 0 || b.rank() > 2) {
            MatrixProduct.compile(node, plan);
            return;
        }
        if (b.rank() == 1) {
            node.requireOnlyOutput();
            requireLength(node, b.size());
            Value.Floats products = dense(node, plan, b.values(), new float[1]);
            int[] shape = Arrays.copyOf(products.shape(), products.rank() - 1);
            plan.define(node.output(0), plan.withBatchAxis(products.withShape(shape), plan.batchAxis(products)));
            return;
        }
        multiply(node, plan, b.values(), new float[b.shape()[1]], b.shape()[0]);
    }

    private static float finite(GraphNode node, String name) {
        float value = node.number(name, 1);
        if (!Float.isFinite(value)) {
            throw BadGraph.of("%s of %s: %s (expected: a finite number)", name, node, value);
        }
        return value;
    }

    private static void requireMatrix(GraphNode node, Value.FloatConstant b) {
        if (b.rank() != 2) {
            throw node.unsupported("a second operand of rank %d", b.rank());
        }
    }

    private static void multiply(GraphNode node, PlanBuilder plan, float[] weights, float[] bias, int in) {
        node.requireOnlyOutput();
        requireLength(node, in);
        plan.define(node.output(0), dense(node, plan, weights, bias));
    }

    private static void requireLength(GraphNode node, int in) {
        int[] shape = node.shapeOf(0);
        if (shape.length < 2 || shape[shape.length - 1] != in) {
            throw BadGraph.of(
                    "last dimension of %s: %d (expected: %d)",
                    node, shape.length == 0 ? 0 : shape[shape.length - 1], in);
        }
    }

    /**
     * Returns input 0 times a matrix over its last dimension plus a bias, with its terms where a row is one vector.
     *
     * @param weights shape [in, out], so that the inner loop runs over consecutive floats; in is the last dimension of the input
     * @param bias shape [out]
     */
    static Value.Floats dense(GraphNode node, PlanBuilder plan, float[] weights, float[] bias) {
        int[] shape = node.shapeOf(0).clone();
        int in = shape[shape.length - 1];
        int out = bias.length;
        shape[shape.length - 1] = out;
        EncodedColumns columns = node.encodedColumns(0);
        if (columns != null && out <= MAX_FUSED && Shapes.size(shape) == out) {
            return columns.product(shape, weights, bias);
        }
        Value.Floats from = node.floats(0);
        plan.requireWithinRow(node, from, from.rank() - 1);
        Value.Floats to = plan.allocateForKernel(shape);
        int rows = in == 0 ? 0 : from.size() / in;
        plan.spend((long) rows * in * out);
        DenseStep step = new DenseStep(from.offset(), to.offset(), rows, weights, bias, false);
        plan.step(step);
        Affine additive = rows == 1 ? Affine.of(LinearTerms.of(from, weights, bias), out) : null;
        Value.Floats result = new Value.Floats(to.offset(), shape, to.sources(), additive, null);
        return plan.writtenBy(plan.withBatchAxis(result, plan.batchAxis(from)), step);
    }
}
