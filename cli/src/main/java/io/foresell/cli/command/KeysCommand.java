package io.foresell.cli.command;

import com.google.gson.JsonObject;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.identity.Grant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** API keys. Nothing is sent: a key is made here, and its line goes into the access file by whoever keeps that. */
@Command(name = "keys", sortOptions = false, description = "Make API keys for callers and services.")
final class KeysCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "keys: nothing to do (expected: create)");
        }
    }

    private static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9@._-]{0,62}";

    /** Makes a key. */
    @Command(
            name = "create",
            sortOptions = false,
            description = {
                "Make an API key. It is shown once; services keep its hash only.",
                "Add the line to the access file (auth.access-file) of the services, which read it again by themselves."
            })
    static final class Create implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME", description = "Who will send it, e.g. crm.")
        private String name = "";

        @Option(
                names = "--grants",
                paramLabel = "ROLE[:MODEL],...",
                required = true,
                order = 1,
                description = "What it may do: view, score, train, release, replicate or admin, on all models, on"
                        + " MODEL or on PREFIX*.")
        private String grants = "";

        @Option(names = "--days", paramLabel = "N", order = 2, description = "Days until it expires (default: never).")
        private @Nullable Integer days;

        Create(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            if (!name.matches(NAME_PATTERN)) {
                throw new ServiceException(
                        Failure.invalid("NAME_INVALID", "NAME", name, "letters, digits, @ . _ -, at most 63"));
            }
            checkGrants();
            ApiKey key = ApiKey.generate(new SecureRandom());
            print(key, key.line(name, grants, expires()));
            return ExitCode.OK;
        }

        private void checkGrants() {
            try {
                var unused = Grant.parseAll(grants);
            } catch (IllegalArgumentException e) {
                throw new ServiceException(Failure.invalid("GRANTS_INVALID", String.valueOf(e.getMessage())), e);
            }
        }

        private @Nullable String expires() {
            if (days == null) {
                return null;
            }
            if (days < 1 || days > 3650) {
                throw new ServiceException(Failure.invalid("DAYS_INVALID", "--days", days, "1..3650"));
            }
            Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
            return now.plus(days, ChronoUnit.DAYS).toString();
        }

        private void print(ApiKey key, String line) {
            if (session.isJson()) {
                JsonObject document = new JsonObject();
                document.addProperty("key", key.text());
                document.addProperty("line", line);
                session.terminal().line(document.toString());
                return;
            }
            session.terminal().line("key (shown once; send it as 'Authorization: Bearer ...', or set FORESELL_TOKEN):");
            session.terminal().line("  " + key.text());
            session.terminal().line("line for the access file:");
            session.terminal().line("  " + line);
        }
    }
}
