package io.foresell.cli.command;

import io.foresell.cli.call.Targets;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root command: options that every command takes. */
@Command(
        name = "foresell",
        description = "From sales data to answers: feature store, training, releases and scoring.",
        versionProvider = Foresell.BuiltVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions of every command:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done",
            "1:A service refused: wrong values, missing things, a conflict",
            "2:The command line or a local file is wrong; nothing was sent",
            "3:Done in part: a job failed, rows were quarantined under --strict, a release is not served yet",
            "4:A service is away, overloaded or too slow: try again later"
        },
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  FORESELL_FEATURE_STORE, FORESELL_TRAINING, FORESELL_INFERENCE  host:port of the services",
            "  FORESELL_TOKEN      bearer token       NO_COLOR  no colours",
            "  FORESELL_TLS_TRUST, FORESELL_TLS_CERTIFICATE, FORESELL_TLS_PRIVATE_KEY  PEM files",
            "",
            "Start here:  foresell up --demo"
        })
final class Foresell implements Runnable {
    private final Map<String, String> environment;

    @CommandLine.Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 90,
            description = "Show help and exit.")
    @SuppressWarnings("unused") // read by picocli
    private boolean isHelp;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 91,
            description = "Answer with one JSON document on standard output.")
    private boolean isJson;

    @Option(
            names = "--server",
            paramLabel = "ADDRESS",
            scope = ScopeType.INHERIT,
            order = 92,
            description = "HOST of all services, or SERVICE=HOST:PORT; repeatable. Services: feature-store, training,"
                    + " inference.")
    private List<String> servers = new ArrayList<>();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            order = 93,
            description = "Bearer token; better in FORESELL_TOKEN, where other users cannot see it.")
    private String token = "";

    @Option(
            names = "--tls-trust",
            paramLabel = "PEM",
            scope = ScopeType.INHERIT,
            order = 94,
            description = "Speak TLS and trust these authorities.")
    private String tlsTrust = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            scope = ScopeType.INHERIT,
            order = 95,
            description = "Deadline of each call (default: one that fits the call).")
    private double timeoutSeconds;

    @Option(names = "--debug", scope = ScopeType.INHERIT, order = 96, description = "Print the stack of an error.")
    private boolean isDebug;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            order = 97,
            description = "Show the version and exit.")
    @SuppressWarnings("unused") // read by picocli
    private boolean isVersion;

    Foresell(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    boolean isJson() {
        return isJson;
    }

    boolean isDebug() {
        return isDebug;
    }

    Map<String, String> environment() {
        return environment;
    }

    Targets targets() {
        if (timeoutSeconds < 0 || timeoutSeconds > 86_400) {
            throw new ServiceException(
                    Failure.invalid("TIMEOUT_INVALID", "--timeout", timeoutSeconds, "0.001 to 86400 seconds"));
        }
        Optional<Duration> timeout =
                timeoutSeconds > 0 ? Optional.of(Duration.ofMillis((long) (timeoutSeconds * 1000))) : Optional.empty();
        String sent = token.isEmpty() ? variable("FORESELL_TOKEN") : token;
        return Targets.read(environment, servers, sent, tls(), timeout);
    }

    private Optional<Targets.Tls> tls() {
        String trust = tlsTrust.isEmpty() ? variable("FORESELL_TLS_TRUST") : tlsTrust;
        if (trust.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Targets.Tls(Path.of(trust), file("FORESELL_TLS_CERTIFICATE"), file("FORESELL_TLS_PRIVATE_KEY")));
    }

    private Optional<Path> file(String variable) {
        return Optional.of(variable(variable)).filter(path -> !path.isEmpty()).map(Path::of);
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    /** Reads the version from the jar's manifest. */
    static final class BuiltVersion implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Foresell.class.getPackage().getImplementationVersion();
            return new String[] {"foresell " + (version == null ? "(not packaged)" : version)};
        }
    }
}
