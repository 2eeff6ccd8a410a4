package io.foresell.standalone.process;

import io.foresell.cli.command.CommandTree;
import io.foresell.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The {@code foresell} command against the services at the given ports. */
public final class Command {
    private final Map<String, String> environment;

    public Command(int featureStorePort, int trainingPort, int inferencePort) {
        environment = Map.of(
                "FORESELL_FEATURE_STORE", "localhost:" + featureStorePort,
                "FORESELL_TRAINING", "localhost:" + trainingPort,
                "FORESELL_INFERENCE", "localhost:" + inferencePort,
                "FORESELL_ACTOR", "test");
    }

    private Command(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns the command with more variables. */
    public Command with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Command(Map.copyOf(all));
    }

    /** Returns what tells a process where the services are. */
    public Map<String, String> environment() {
        return environment;
    }

    /** What a command printed and how it ended. */
    public record Result(int exitCode, String out, String err) {
        /** Returns this result if the command succeeded. */
        public Result succeeded() {
            if (exitCode != 0) {
                throw new AssertionError("exit code %d%nout: %s%nerr: %s".formatted(exitCode, out, err));
            }
            return this;
        }
    }

    public Result run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                true,
                120);
        int exitCode = CommandTree.run(terminal, environment, arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
