package io.foresell.benchmarks.serving;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks what is given on the command line, before anything starts. */
public final class Arguments {
    private final CommandSpec spec;

    public Arguments(CommandSpec spec) {
        this.spec = spec;
    }

    /**
     * Refuses a number that is out of its range, NaN included.
     *
     * @throws ParameterException naming option, value and expectation
     */
    public void requireRange(String option, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw wrong("%s: %s (expected: %s..%s)".formatted(option, plain(value), plain(least), plain(greatest)));
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    public ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
