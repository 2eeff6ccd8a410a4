package io.foresell.benchmarks.tree;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Which layout of trees is fastest for one row? Another row each time, so that no branch is learnt by heart. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class TreeLayoutBenchmark {
    private static final int ROW_COUNT = 2048;

    /** The size of the ensemble. */
    @Param
    public TreeShape shape = TreeShape.BOOSTED_200_DEPTH_6;

    /** How its trees lie in memory. */
    @Param
    public TreeLayoutKind layout = TreeLayoutKind.PRODUCTION;

    private RowSum trees;
    private float[] rows;
    private int row;

    /** Draws trees and rows, and compares every sum with that of the plainest layout. */
    @Setup
    public void open() {
        if (!layout.takes(shape)) {
            throw new IllegalArgumentException("%s does not take %s".formatted(layout, shape));
        }
        Random random = new Random(7);
        List<DrawnNode> drawn = DrawnNode.trees(shape, random);
        rows = new float[ROW_COUNT * DrawnNode.WIDTH];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextInt(20) == 0 ? Float.NaN : (float) random.nextGaussian();
        }
        trees = layout.of(drawn);
        RowSum plain = TreeLayoutKind.BRANCHING.of(drawn);
        for (int i = 0; i < ROW_COUNT; i++) {
            double expected = plain.sum(rows, i * DrawnNode.WIDTH);
            double actual = trees.sum(rows, i * DrawnNode.WIDTH);
            if (Math.abs(expected - actual) > 1e-9) {
                throw new IllegalStateException("row %d: %s (expected: %s)".formatted(i, actual, expected));
            }
        }
    }

    /** Scores the next row. */
    @Benchmark
    public double sum() {
        row = row == ROW_COUNT - 1 ? 0 : row + 1;
        return trees.sum(rows, row * DrawnNode.WIDTH);
    }
}
