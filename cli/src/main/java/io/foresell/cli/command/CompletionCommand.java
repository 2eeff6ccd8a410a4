package io.foresell.cli.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** Prints the completion script. */
@Command(
        name = "completion",
        sortOptions = false,
        description = {
            "Print the completion script for bash and zsh.",
            "bash: source <(foresell completion)",
            "zsh:  autoload -U +X bashcompinit && bashcompinit; source <(foresell completion)"
        })
final class CompletionCommand implements Callable<Integer> {
    private final Session session;

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets the spec before it calls");
        }
        session.terminal().line(AutoComplete.bash("foresell", spec.root().commandLine()));
        return ExitCode.OK;
    }
}
