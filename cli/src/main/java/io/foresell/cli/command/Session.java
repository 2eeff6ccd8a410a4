package io.foresell.cli.command;

import com.google.protobuf.Message;
import io.foresell.cli.call.Services;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** One run of the command: its terminal, its options and its channels, which it owns. Used by one thread. */
final class Session implements AutoCloseable {
    private final Terminal terminal;
    private final Foresell options;
    private @Nullable Services services; // opened on first use, when the options are read

    Session(Terminal terminal, Foresell options) {
        this.terminal = terminal;
        this.options = options;
    }

    Terminal terminal() {
        return terminal;
    }

    Foresell options() {
        return options;
    }

    boolean isJson() {
        return options.isJson();
    }

    Services services() {
        if (services == null) {
            services = new Services(options.targets());
        }
        return services;
    }

    /** Prints the answer as JSON when that was asked for; else as {@code text} does. */
    void answer(Message message, Runnable text) {
        if (isJson()) {
            terminal.line(Json.text(message));
        } else {
            text.run();
        }
    }

    /** Returns a progress bar on standard error. */
    ProgressBar progress() {
        return new ProgressBar(terminal, true);
    }

    /** Returns who asks, for the history of releases and aliases. */
    String actor() {
        return options.environment().getOrDefault("FORESELL_ACTOR", System.getProperty("user.name", "unknown"));
    }

    @Override
    public void close() {
        if (services != null) {
            services.close();
        }
    }
}
