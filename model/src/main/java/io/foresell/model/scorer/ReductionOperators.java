package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Operators that make one float of many along axes, never along the batch. */
final class ReductionOperators {
    /** Reduces the floats at some places. */
    @FunctionalInterface
    private interface Reduction {
        double reduce(float[] memory, int[] places);
    }

    private ReductionOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ReduceSum", (node, plan) -> {
            if (!SquaredDistances.compile(node, plan)) {
                reduce(node, plan, ReductionOperators::sum);
            }
        });
        put(operators, "ReduceMean", (memory, places) -> sum(memory, places) / places.length);
        put(operators, "ReduceMax", ReductionOperators::greatest);
        put(operators, "ReduceMin", ReductionOperators::least);
        put(operators, "ReduceProd", ReductionOperators::product);
        put(operators, "ReduceSumSquare", ReductionOperators::sumOfSquares);
        put(operators, "ReduceL1", ReductionOperators::sumOfAbsolutes);
        put(operators, "ReduceL2", (memory, places) -> Math.sqrt(sumOfSquares(memory, places)));
        put(operators, "ReduceLogSum", (memory, places) -> Math.log(sum(memory, places)));
        put(operators, "ReduceLogSumExp", ReductionOperators::logOfSumOfExponentials);
    }

    private static void put(Map<String, Operators.Operator> operators, String name, Reduction reduction) {
        operators.put(name, (node, plan) -> reduce(node, plan, reduction));
    }

    private static void reduce(GraphNode node, PlanBuilder plan, Reduction reduction) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int[] axes = node.hasInput(1) ? node.intConstant(1) : node.integers("axes");
        if (axes.length == 0 && node.flag("noop_with_empty_axes", false)) {
            plan.define(node.output(0), from);
            return;
        }
        boolean[] isReduced = new boolean[from.rank()];
        Arrays.fill(isReduced, axes.length == 0);
        for (int axis : axes) {
            isReduced[Shapes.axis(axis, from.rank())] = true;
        }
        for (int axis = 0; axis < isReduced.length; axis++) {
            if (isReduced[axis]) {
                plan.requireWithinRow(node, from, axis);
            }
        }
        boolean keepsDimensions = node.flag("keepdims", true);
        int batch = plan.batchAxis(from);
        int[][] groups = groups(from, isReduced);
        Value.Floats to = plan.allocate(shape(from.shape(), isReduced, keepsDimensions), sources(from, groups));
        int out = to.offset();
        plan.spend(from.size());
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < groups.length; i++) {
                memory[out + i] = (float) reduction.reduce(memory, groups[i]);
            }
        });
        plan.withBatchAxis(to, keepsDimensions ? batch : BatchAxis.squeezed(node, batch, isReduced));
        plan.define(node.output(0), to);
    }

    /** Returns the only input that each result depends on, -1 where there are several. */
    private static int[] sources(Value.Floats from, int[][] groups) {
        int[] sources = new int[groups.length];
        for (int i = 0; i < groups.length; i++) {
            sources[i] = PlanBuilder.NO_SOURCE;
            for (int place : groups[i]) {
                sources[i] = PlanBuilder.commonSource(sources[i], from.sources()[place - from.offset()]);
            }
        }
        return sources;
    }

    private static int[] shape(int[] old, boolean[] isReduced, boolean keepsDimensions) {
        int[] shape = new int[old.length];
        int rank = 0;
        for (int axis = 0; axis < old.length; axis++) {
            if (!isReduced[axis] || keepsDimensions) {
                shape[rank++] = isReduced[axis] ? 1 : old[axis];
            }
        }
        return Arrays.copyOf(shape, rank);
    }

    /** Returns the places of the memory that each result is made of. */
    private static int[][] groups(Value.Floats from, boolean[] isReduced) {
        int[] kept = shape(from.shape(), isReduced, true);
        int[] strides = Shapes.strides(from.shape());
        int[] starts = Shapes.places(kept, strides, from.offset());
        int[] within = new int[from.rank()];
        for (int axis = 0; axis < within.length; axis++) {
            within[axis] = isReduced[axis] ? from.shape()[axis] : 1;
        }
        int[][] groups = new int[starts.length][];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = Shapes.places(within, strides, starts[i]);
        }
        return groups;
    }

    private static double sum(float[] memory, int[] places) {
        double sum = 0;
        for (int place : places) {
            sum += memory[place];
        }
        return sum;
    }

    private static double sumOfAbsolutes(float[] memory, int[] places) {
        double sum = 0;
        for (int place : places) {
            sum += Math.abs(memory[place]);
        }
        return sum;
    }

    private static double sumOfSquares(float[] memory, int[] places) {
        double sum = 0;
        for (int place : places) {
            sum += (double) memory[place] * memory[place];
        }
        return sum;
    }

    private static double product(float[] memory, int[] places) {
        double product = 1;
        for (int place : places) {
            product *= memory[place];
        }
        return product;
    }

    private static double greatest(float[] memory, int[] places) {
        float greatest = Float.NEGATIVE_INFINITY;
        for (int place : places) {
            greatest = Math.max(greatest, memory[place]);
        }
        return greatest;
    }

    private static double least(float[] memory, int[] places) {
        float least = Float.POSITIVE_INFINITY;
        for (int place : places) {
            least = Math.min(least, memory[place]);
        }
        return least;
    }

    private static double logOfSumOfExponentials(float[] memory, int[] places) {
        double greatest = greatest(memory, places);
        double shift = Double.isInfinite(greatest) ? 0 : greatest;
        double sum = 0;
        for (int place : places) {
            sum += Math.exp(memory[place] - shift);
        }
        return Math.log(sum) + shift;
    }
}
