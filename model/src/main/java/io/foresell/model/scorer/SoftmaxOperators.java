package io.foresell.model.scorer;

import io.foresell.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;

/** Softmax and its logarithm. */
final class SoftmaxOperators {
    /** From here on one axis is normalised; before, that axis and all behind it together. */
    private static final int SINGLE_AXIS_OPSET = 13;

    private SoftmaxOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Softmax", (node, plan) -> compile(node, plan, false));
        operators.put("LogSoftmax", (node, plan) -> compile(node, plan, true));
    }

    private static void compile(GraphNode node, PlanBuilder plan, boolean isLogarithm) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int[] shape = from.shape();
        boolean isSingle = plan.opset() >= SINGLE_AXIS_OPSET;
        int axis = Shapes.axis(node.integer("axis", isSingle ? -1 : 1), shape.length);
        int end = isSingle ? axis + 1 : shape.length;
        for (int i = axis; i < end; i++) {
            plan.requireWithinRow(node, from, i);
        }
        int count = Shapes.size(Arrays.copyOfRange(shape, axis, end));
        int inner = Shapes.size(Arrays.copyOfRange(shape, end, shape.length));
        Value.Floats to = plan.withBatchAxis(plan.allocate(shape), plan.batchAxis(from));
        plan.spend(8L * from.size());
        plan.step(new Softmax(from.offset(), to.offset(), from.size(), count, inner, isLogarithm));
        boolean isClasses = !isLogarithm && count == from.size() && shape.length == 2;
        Link link = isClasses ? new Link(Link.Kind.SOFTMAX, from) : null;
        Value.Floats linked = new Value.Floats(to.offset(), shape, to.sources(), null, link);
        plan.define(node.output(0), plan.withBatchAxis(linked, plan.batchAxis(from)));
    }

    /** Normalises groups of {@code count} floats that are {@code inner} places apart. */
    private record Softmax(int from, int to, int size, int count, int inner, boolean isLogarithm) implements Step {
        @Override
        public void run(float[] memory, String[] texts, int textBase) {
            if (count == 0) {
                return;
            }
            for (int group = 0; group < size / count; group++) {
                int place = group / inner * count * inner + group % inner;
                center(memory, place);
            }
            if (isLogarithm) {
                for (int group = 0; group < size / count; group++) {
                    int place = group / inner * count * inner + group % inner;
                    subtractLogOfSum(memory, to + place);
                }
                return;
            }
            Kernels.best().exp(memory, to, size, memory, to);
            for (int group = 0; group < size / count; group++) {
                int place = group / inner * count * inner + group % inner;
                divideBySum(memory, to + place);
            }
        }

        private void center(float[] memory, int place) {
            float max = Float.NEGATIVE_INFINITY;
            for (int i = 0, x = from + place; i < count; i++, x += inner) {
                max = Math.max(max, memory[x]);
            }
            for (int i = 0, x = place; i < count; i++, x += inner) {
                memory[to + x] = memory[from + x] - max;
            }
        }

        private void divideBySum(float[] memory, int place) {
            double sum = 0;
            for (int i = 0, y = place; i < count; i++, y += inner) {
                sum += memory[y];
            }
            for (int i = 0, y = place; i < count; i++, y += inner) {
                memory[y] = (float) (memory[y] / sum);
            }
        }

        private void subtractLogOfSum(float[] memory, int place) {
            double sum = 0;
            for (int i = 0, y = place; i < count; i++, y += inner) {
                sum += Math.exp(memory[y]);
            }
            float log = (float) Math.log(sum);
            for (int i = 0, y = place; i < count; i++, y += inner) {
                memory[y] -= log;
            }
        }
    }
}
