package io.foresell.benchmarks.model;

import io.foresell.model.pack.LoadedPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long until a package of a megabyte is ready: digest, parse, compile, replay of its golden rows? In a process that has
 * loaded none yet, and in one that has loaded many.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@SuppressWarnings("NullAway.Init") // JMH calls read() before anything else.
public class LoadBenchmark {
    private byte[] packageBytes;

    /** Reads the file that another process wrote, so that this one knows nothing of packages yet. */
    @Setup
    public void read() throws IOException {
        Optional<Path> file = TestedModel.directory().map(LoadBenchmark::file);
        packageBytes =
                file.isPresent() && Files.exists(file.get()) ? Files.readAllBytes(file.get()) : Packages.oneMegabyte();
    }

    private static Path file(Path directory) {
        return directory.resolve("megabyte.package");
    }

    /** Writes the package where {@link #read} finds it. */
    static void prepare(Path directory) throws IOException {
        Files.write(file(directory), Packages.oneMegabyte());
    }

    /** Loads the package for the first time. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public LoadedPackage first() {
        return LoadedPackage.load(packageBytes, "", LoadedPackage.COMPILED);
    }

    /** Loads it again. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = JmhRun.ITERATIONS)
    @Measurement(iterations = JmhRun.ITERATIONS)
    public LoadedPackage again() {
        return LoadedPackage.load(packageBytes, "", LoadedPackage.COMPILED);
    }
}
