package io.foresell.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** One run of the command as a script sees it: exit code and both streams. */
record CommandRun(int exitCode, String out, String err) {
    static {
        System.setProperty("slf4j.internal.verbosity", "ERROR");
    }

    static CommandRun against(FixtureServer server, String... arguments) {
        return with(
                Map.of(
                        "FORESELL_FEATURE_STORE", server.address(),
                        "FORESELL_TRAINING", server.address(),
                        "FORESELL_INFERENCE", server.address()),
                arguments);
    }

    static CommandRun with(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                true,
                true,
                100);
        int exitCode = CommandTree.run(terminal, new HashMap<>(environment), arguments);
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Returns standard output, which must be exactly one JSON document. */
    JsonObject json() {
        JsonElement document = JsonParser.parseString(out);
        return document.getAsJsonObject();
    }
}
