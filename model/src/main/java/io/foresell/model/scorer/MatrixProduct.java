package io.foresell.model.scorer;

import io.foresell.model.kernel.Kernels;
import java.util.Arrays;

/** A product of two tensors that both depend on the row, as in attention; leading dimensions are combined by broadcasting. */
final class MatrixProduct {
    private MatrixProduct() {}

    static void compile(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats a = node.operand(0, plan);
        Value.Floats b = node.operand(1, plan);
        int rank = Math.max(a.rank(), b.rank());
        if (a.rank() < 2 || b.rank() < 2) {
            throw node.unsupported("a vector as operand");
        }
        int rows = a.shape()[a.rank() - 2];
        int inner = a.shape()[a.rank() - 1];
        int columns = b.shape()[b.rank() - 1];
        if (b.shape()[b.rank() - 2] != inner) {
            throw BadGraph.of(
                    "operands of %s: %s and %s (expected: %d rows in the second)",
                    node, Arrays.toString(a.shape()), Arrays.toString(b.shape()), inner);
        }
        plan.requireWithinRow(node, a, a.rank() - 1);
        plan.requireWithinRow(node, b, b.rank() - 2);
        int[] leading = Shapes.broadcast(leading(a), leading(b));
        int[] shape = Arrays.copyOf(leading, rank);
        shape[rank - 2] = rows;
        shape[rank - 1] = columns;
        Value.Floats to = plan.withBatchAxis(plan.allocateForKernel(shape), plan.batchAxis(a, b, rank));
        plan.spend((long) to.size() * inner);
        int[] left = places(a, leading, rows * inner);
        int[] right = places(b, leading, inner * columns);
        int out = to.offset();
        Kernels kernels = Kernels.best();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < left.length; i++) {
                kernels.multiply(memory, left[i], rows, inner, right[i], columns, out + i * rows * columns);
            }
        });
        plan.define(node.output(0), to);
    }

    private static int[] leading(Value.Floats value) {
        return Arrays.copyOf(value.shape(), value.rank() - 2);
    }

    /** Returns where the matrix of each leading index starts. */
    private static int[] places(Value.Floats value, int[] leading, int matrixSize) {
        int[] places = Shapes.broadcastPlaces(leading(value), leading);
        for (int i = 0; i < places.length; i++) {
            places[i] = value.offset() + places[i] * matrixSize;
        }
        return places;
    }
}
