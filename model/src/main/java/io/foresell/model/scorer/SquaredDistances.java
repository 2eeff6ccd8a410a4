package io.foresell.model.scorer;

import java.util.Arrays;

/**
 * Squared distances of a row to constant points, as {@code ReduceSum(Mul(d, d))} of {@code d = Sub(row, points)}: one step in
 * place of three, none of whose inner values, as many as points times columns, are ever written.
 */
final class SquaredDistances implements Step {
    /** Floats of a block stay in the fastest cache. */
    private static final int BLOCK = 2048;

    /** A row minus points, and once it has been multiplied by itself also that. */
    record Differences(Value.Floats row, Value.FloatConstant points, String name, Step step, int offset) {}

    private final int in;
    private final int out;
    private final int count;
    private final float[][] columns;

    private SquaredDistances(int in, int out, float[] points, int width) {
        this.in = in;
        this.out = out;
        this.count = points.length / width;
        this.columns = new float[width][count];
        for (int i = 0; i < points.length; i++) {
            columns[i % width][i / width] = points[i];
        }
    }

    /** Returns whether a row, [1, 1, width], minus points, [points, width], is what may become distances. */
    static boolean isDifference(Value.Floats row, Value.FloatConstant points) {
        return row.rank() == 3
                && row.shape()[1] == 1
                && points.rank() == 2
                && points.shape()[1] == row.shape()[2]
                && row.size() == row.shape()[2];
    }

    /** Compiles a sum over the last dimension of squared differences that nobody else reads; returns false for any other. */
    static boolean compile(GraphNode node, PlanBuilder plan) {
        Differences squared = plan.squaredDifferences(node.inputName(0));
        if (squared == null || !node.hasInput(1) || plan.runsOnce()) {
            return false;
        }
        int[] axes = node.intConstant(1);
        if (axes.length != 1 || Shapes.axis(axes[0], 3) != 2 || node.flag("keepdims", true)) {
            return false;
        }
        node.requireOnlyOutput();
        plan.forget(squared);
        Value.Floats row = squared.row();
        int count = squared.points().shape()[0];
        Value.Floats to = plan.allocate(new int[] {1, count});
        plan.step(
                new SquaredDistances(row.offset(), to.offset(), squared.points().values(), row.size()));
        plan.define(node.output(0), plan.withBatchAxis(to, 0));
        return true;
    }

    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        for (int from = 0; from < count; from += BLOCK) {
            int until = Math.min(count, from + BLOCK);
            Arrays.fill(memory, out + from, out + until, 0);
            for (int column = 0; column < columns.length; column++) {
                add(memory[in + column], columns[column], from, until, memory, out);
            }
        }
    }

    private static void add(float x, float[] points, int from, int until, float[] memory, int out) {
        for (int i = from; i < until; i++) {
            float difference = x - points[i];
            memory[out + i] += difference * difference;
        }
    }
}
