package io.foresell.benchmarks;

import io.foresell.benchmarks.faults.FaultsBenchmark;
import io.foresell.benchmarks.model.ModelsCommand;
import io.foresell.benchmarks.serving.ReleasesBenchmark;
import io.foresell.benchmarks.serving.ServingBenchmark;
import io.foresell.benchmarks.soak.SoakBenchmark;
import io.foresell.benchmarks.training.TrainingCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks by what they ask. */
@Command(
        name = "foresell-benchmarks",
        description = "Measures a running cluster, the model engine alone, or training.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ServingBenchmark.class,
            ReleasesBenchmark.class,
            FaultsBenchmark.class,
            SoakBenchmark.class,
            ModelsCommand.class,
            TrainingCommand.class
        })
public final class Benchmarks {
    private Benchmarks() {}

    /** Returns the commands, for picocli. */
    public static Object commands() {
        return new Benchmarks();
    }

    public static void main(String[] arguments) {
        System.setProperty("logback.configurationFile", "logback-benchmarks.xml"); // before the first logger
        System.exit(new CommandLine(commands()).execute(arguments));
    }
}
