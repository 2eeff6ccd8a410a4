package io.foresell.benchmarks.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a subject in a process of its own.
 *
 * @param models where processes leave models for each other
 * @param seconds length of the warm-up, and of the measurement after it
 */
record JmhRun(Path models, double seconds) {
    /** What the benchmarks say themselves; single shots say otherwise and take no time. */
    static final int ITERATIONS = 5;

    Measured measure(Subject subject) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xms1g",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-D" + TestedModel.DIRECTORY_PROPERTY + "=" + models,
                "-Dorg.bytedeco.javacpp.maxbytes=1G",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=4G"));
        arguments.addAll(subject.jvmArguments());
        TimeValue time = new TimeValue((long) (seconds * 1e9 / ITERATIONS), TimeUnit.NANOSECONDS);
        OptionsBuilder options = new OptionsBuilder();
        subject.parameters().forEach(options::param);
        options.include("^" + subject.benchmark() + "$")
                .forks(1)
                .warmupTime(time)
                .measurementTime(time)
                .jvmArgs(arguments.toArray(String[]::new))
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuTimeProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true);
        return measured(run(options, subject), subject.rowsPerCall());
    }

    /** Keeps what the process prints away from the table, unless it fails. */
    private RunResult run(OptionsBuilder options, Subject subject) throws IOException {
        Path log = models.resolve("process.log");
        options.output(log.toString());
        try {
            Collection<RunResult> results = new Runner(options.build()).run();
            if (results.size() != 1) {
                throw new IllegalStateException("benchmarks of %s, %s: %d (expected: 1)"
                        .formatted(subject.group(), subject.name(), results.size()));
            }
            return results.iterator().next();
        } catch (RunnerException e) {
            throw new IllegalStateException(
                    "%s, %s: failed%n%s".formatted(subject.group(), subject.name(), Files.readString(log)), e);
        }
    }

    private static Measured measured(RunResult result, int rowsPerCall) {
        return new Measured(
                result.getPrimaryResult().getScore() / rowsPerCall,
                secondary(result, CpuTimeProfiler.RESULT) / rowsPerCall,
                secondary(result, "gc.alloc.rate.norm") / rowsPerCall);
    }

    private static double secondary(RunResult result, String name) {
        Result<?> found = result.getSecondaryResults().get(name);
        return found == null ? Double.NaN : found.getScore();
    }
}
