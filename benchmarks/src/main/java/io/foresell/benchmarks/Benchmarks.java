package io.foresell.benchmarks;

import io.foresell.benchmarks.model.ModelsCommand;
import io.foresell.benchmarks.training.TrainingCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks by what they ask. */
@Command(
        name = "foresell-benchmarks",
        description = "Measures a running cluster, the model engine alone, or training.",
        mixinStandardHelpOptions = true,
        subcommands = {ServingBenchmark.class, ModelsCommand.class, TrainingCommand.class})
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }
}
