package io.foresell.benchmarks;

import io.foresell.benchmarks.model.ModelsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The benchmarks by what they ask. */
@Command(
        name = "foresell-benchmarks",
        description = "Measures a running cluster, or the model engine alone.",
        mixinStandardHelpOptions = true,
        subcommands = {ServingBenchmark.class, ModelsCommand.class})
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }
}
