package io.foresell.cli.command;

import io.foresell.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** All commands, wired by hand. */
public final class CommandTree {
    private CommandTree() {}

    /** Runs one command and returns its exit code; never throws. */
    public static int run(Terminal terminal, Map<String, String> environment, String... arguments) {
        Foresell root = new Foresell(environment);
        try (Session session = new Session(terminal, root)) {
            return commandLine(session, root).execute(arguments);
        }
    }

    static CommandLine commandLine(Session session, Foresell root) {
        CommandLine commands = new CommandLine(root)
                .addSubcommand(new UpCommand(session))
                .addSubcommand(new DefineCommand(session))
                .addSubcommand(new IngestCommand(session))
                .addSubcommand(new QuarantineCommand(session))
                .addSubcommand(new TrainCommand(session))
                .addSubcommand(new CommandLine(new JobsCommand(session))
                        .addSubcommand(new JobsCommand.Show(session))
                        .addSubcommand(new JobsCommand.Watch(session))
                        .addSubcommand(new JobsCommand.Log(session))
                        .addSubcommand(new JobsCommand.Cancel(session)))
                .addSubcommand(new CommandLine(new SchedulesCommand())
                        .addSubcommand(new SchedulesCommand.Show(session))
                        .addSubcommand(new SchedulesCommand.Set(session))
                        .addSubcommand(new SchedulesCommand.Delete(session)))
                .addSubcommand(new CommandLine(new ModelsCommand(session))
                        .addSubcommand(new ModelsCommand.Show(session))
                        .addSubcommand(new ModelsCommand.Alias(session))
                        .addSubcommand(new PackageCommands.Download(session))
                        .addSubcommand(new PackageCommands.Publish(session))
                        .addSubcommand(new ImportCommand(session))
                        .addSubcommand(new ModelsCommand.Loaded(session)))
                .addSubcommand(new EvaluateCommand(session))
                .addSubcommand(new ReportCommand(session))
                .addSubcommand(new SuiteCommand(session))
                .addSubcommand(new CommandLine(new ReleaseCommand(session))
                        .addSubcommand(new RolloutCommands.Plan(session))
                        .addSubcommand(new RolloutCommands.Start(session))
                        .addSubcommand(new RolloutCommands.Status(session))
                        .addSubcommand(new RolloutCommands.Promote(session))
                        .addSubcommand(new RolloutCommands.RollBack(session))
                        .addSubcommand(new RolloutCommands.Hold(session))
                        .addSubcommand(new ReleaseCommand.History(session)))
                .addSubcommand(new ScoreCommand(session))
                .addSubcommand(new OutcomesCommand(session))
                .addSubcommand(new LiveCommand(session))
                .addSubcommand(new ReplayCommand(session))
                .addSubcommand(new CommandLine(new PredictionsCommand())
                        .addSubcommand(new PredictionsCommand.Show(session))
                        .addSubcommand(new PredictionsCommand.ListAll(session))
                        .addSubcommand(new PredictionsCommand.Erase(session))
                        .addSubcommand(new PredictionsCommand.Status(session)))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new CommandLine(new KeysCommand()).addSubcommand(new KeysCommand.Create(session)))
                .addSubcommand(new CommandLine(new SignatureCommands())
                        .addSubcommand(new SignatureCommands.Keygen(session))
                        .addSubcommand(new SignatureCommands.Sign(session))
                        .addSubcommand(new SignatureCommands.Verify(session)))
                .addSubcommand(new EraseCommand(session))
                .addSubcommand(new AuditCommand(session))
                .addSubcommand(new CompletionCommand(session));
        Terminal terminal = session.terminal();
        boolean isColoured = terminal.hasColour() && terminal.isOutTerminal();
        ErrorReport errors = new ErrorReport(session);
        return commands.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(isColoured ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.max(80, Math.min(120, terminal.columns())))
                .setUsageHelpAutoWidth(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((error, command, parsed) -> errors.report(error))
                .setParameterExceptionHandler((error, rest) -> errors.usage(error));
    }
}
