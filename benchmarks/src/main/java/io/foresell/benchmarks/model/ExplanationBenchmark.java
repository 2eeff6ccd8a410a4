package io.foresell.benchmarks.model;

import io.foresell.model.Rows;
import io.foresell.model.scorer.Scorer;
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

/** How long does it take to explain one row? Contributions are added up and compared with the answers first. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = JmhRun.ITERATIONS, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = JmhRun.ITERATIONS, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class ExplanationBenchmark {
    /** The model. */
    @Param({"BOOSTED", "LOGISTIC"})
    public ModelFamily model = ModelFamily.BOOSTED;

    private Scorer scorer;
    private Rows rows;
    private double[] contributions;
    private int row;

    /** Loads the model and adds every row's contributions up. */
    @Setup
    public void open() {
        TestedModel tested = TestedModel.of(model);
        scorer = tested.compile();
        rows = tested.rows();
        contributions = new double[tested.signature().inputs().size()];
        Parity.requireAdditive(tested, scorer);
    }

    /** Explains the next row of the pool. */
    @Benchmark
    public double[] explain() {
        row = row == rows.rowCount() - 1 ? 0 : row + 1;
        scorer.contributions(rows, row, 0, contributions);
        return contributions;
    }
}
