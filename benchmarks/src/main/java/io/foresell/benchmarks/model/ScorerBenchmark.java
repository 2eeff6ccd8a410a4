package io.foresell.benchmarks.model;

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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long does an engine take for one row, and for a batch? One thread, answers compared with ONNX Runtime's first. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = JmhRun.ITERATIONS, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = JmhRun.ITERATIONS, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
public class ScorerBenchmark {
    /** The model. */
    @Param
    public ModelFamily model = ModelFamily.MLP;

    /** What scores it. */
    @Param({"COMPILED", "ONNX_RUNTIME"})
    public EngineKind engine = EngineKind.COMPILED;

    /** Rows of one call; the time is that of the whole call. */
    @Param({"1", "64"})
    public int batchRows = 1;

    private Engine running;
    private int lastBatch;
    private int batch;

    /** Loads the model and compares every answer. */
    @Setup
    public void open() {
        TestedModel tested = TestedModel.of(model);
        running = engine.open(tested, batchRows);
        lastBatch = tested.rows().rowCount() / batchRows - 1;
        Parity.require(tested, running, batchRows);
    }

    /** Scores the next batch of the pool. */
    @Benchmark
    public float[] score() {
        batch = batch == lastBatch ? 0 : batch + 1;
        return running.score(batch);
    }

    /** Frees what lies outside of the heap. */
    @TearDown
    public void close() {
        running.close();
    }
}
