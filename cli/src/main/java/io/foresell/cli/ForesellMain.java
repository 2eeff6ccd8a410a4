package io.foresell.cli;

import io.foresell.cli.command.CommandTree;
import io.foresell.cli.terminal.Terminal;

/** Starts the command and hands its exit code to the shell. */
public final class ForesellMain {
    private ForesellMain() {}

    public static void main(String[] arguments) {
        // The command speaks for itself: libraries that look for a log back end need not complain.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        java.util.logging.Logger.getLogger("io.grpc").setLevel(java.util.logging.Level.OFF);
        System.exit(CommandTree.run(Terminal.system(System.getenv()), System.getenv(), arguments));
    }
}
