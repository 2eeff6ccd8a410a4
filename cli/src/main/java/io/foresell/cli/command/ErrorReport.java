package io.foresell.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** The one place where an error becomes a line for a person, JSON for a script and an exit code for both. */
final class ErrorReport {
    private final Session session;

    ErrorReport(Session session) {
        this.session = session;
    }

    /** Reports an error of a command that ran and returns the exit code. */
    int report(Exception error) {
        if (session.options().isDebug()) {
            error.printStackTrace(new PrintWriter(session.terminal().err(), true, StandardCharsets.UTF_8));
        }
        if (error instanceof ServiceException local) {
            print(local.failure());
            return ExitCode.USAGE;
        }
        if (error instanceof StatusRuntimeException remote) {
            Failure failure = explained(remote);
            print(failure);
            return exitCode(failure.code());
        }
        String message = "internal error: %s (run again with --debug for details)".formatted(error);
        print(new Failure(Status.Code.INTERNAL, "INTERNAL", message, Map.of(), List.of(), null));
        return ExitCode.REFUSED;
    }

    /** Reports a wrong command line and returns the exit code. */
    int usage(CommandLine.ParameterException error) {
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        String message = String.valueOf(error.getMessage()).lines().findFirst().orElse("wrong arguments");
        print(new Failure(Status.Code.INVALID_ARGUMENT, "USAGE", message, Map.of(), List.of(), null));
        List<String> near = error instanceof CommandLine.UnmatchedArgumentException unmatched
                ? unmatched.getSuggestions()
                : List.of();
        if (!near.isEmpty()) {
            session.terminal().note("did you mean: " + String.join(", ", near));
        }
        session.terminal().note("see: " + command + " --help");
        return ExitCode.USAGE;
    }

    static int exitCode(Status.Code code) {
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> ExitCode.UNAVAILABLE;
            default -> ExitCode.REFUSED;
        };
    }

    /** Returns what a service said, or what a person can do when none answered. */
    static Failure explained(StatusRuntimeException error) {
        Failure failure = FailureStatus.fromStatus(error);
        boolean isUnexplained = failure.reason().equals(failure.code().name());
        if (isUnexplained && failure.code() == Status.Code.UNAVAILABLE) {
            String message = "%s (expected: a running service; start one with 'foresell up' or name it with --server)"
                    .formatted(connectionMessage(error));
            return new Failure(failure.code(), "UNREACHABLE", message, Map.of(), List.of(), failure.retryAfter());
        }
        if (isUnexplained && failure.code() == Status.Code.DEADLINE_EXCEEDED) {
            String message = "no answer within the deadline (raise it with --timeout)";
            return new Failure(failure.code(), "DEADLINE_EXCEEDED", message, Map.of(), List.of(), null);
        }
        return failure;
    }

    private static String connectionMessage(StatusRuntimeException error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            int refused = message.indexOf("Connection refused: ");
            if (refused >= 0) {
                return "connection refused: " + message.substring(message.lastIndexOf('/') + 1);
            }
            if (cause.getCause() == null) {
                return message;
            }
        }
        String description = error.getStatus().getDescription();
        return description == null ? "not reachable" : description;
    }

    private void print(Failure failure) {
        Terminal terminal = session.terminal();
        if (session.isJson()) {
            terminal.line(Json.text(json(failure)));
        }
        String prefix = terminal.isErrTerminal() && terminal.hasColour() ? "\u001b[31mfailed:\u001b[0m " : "failed: ";
        for (String line : lines(failure)) {
            terminal.note(prefix + line);
        }
    }

    private static List<String> lines(Failure failure) {
        if (failure.violations().size() < 2) {
            return List.of(failure.message());
        }
        List<String> lines = new ArrayList<>();
        failure.violations().forEach(fault -> lines.add(fault.field() + ": " + fault.description()));
        return lines;
    }

    private static JsonObject json(Failure failure) {
        JsonObject error = new JsonObject();
        error.addProperty("code", failure.code().name());
        error.addProperty("reason", failure.reason());
        error.addProperty("message", failure.message());
        JsonObject metadata = new JsonObject();
        failure.metadata().forEach(metadata::addProperty);
        error.add("metadata", metadata);
        JsonArray violations = new JsonArray();
        failure.violations().forEach(fault -> {
            JsonObject violation = new JsonObject();
            violation.addProperty("field", fault.field());
            violation.addProperty("description", fault.description());
            violations.add(violation);
        });
        error.add("fieldViolations", violations);
        JsonObject document = new JsonObject();
        document.add("error", error);
        return document;
    }
}
