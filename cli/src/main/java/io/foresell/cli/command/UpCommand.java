package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Starts every service in one process on this machine and stays in front of it. */
@Command(
        name = "up",
        sortOptions = false,
        description = {
            "Start every service in one process on this machine; Ctrl-C stops it.",
            "What it keeps is in the data folder: a second 'up' goes on from there.",
            "FORESELL_JAVA_OPTS sets other options for its JVM."
        })
final class UpCommand implements Callable<Integer> {
    private static final String DEFAULT_JAVA_OPTIONS = "-Xms128m -Xmx1500m -XX:+ExitOnOutOfMemoryError";
    private static final long STOP_SECONDS = 40;

    private final Session session;

    @Option(
            names = "--demo",
            order = 1,
            description = "Make the demo company, train its churn models and release the best.")
    private boolean isDemo;

    @Option(names = "--data", paramLabel = "FOLDER", order = 2, description = "Data folder (default: .foresell).")
    private @Nullable String data;

    @Option(names = "--gateway-port", paramLabel = "PORT", order = 3, description = "REST and console (default: 8080).")
    private @Nullable Integer gatewayPort;

    @Option(names = "--feature-store-port", paramLabel = "PORT", order = 4, description = "gRPC (default: 9001).")
    private @Nullable Integer featureStorePort;

    @Option(names = "--training-port", paramLabel = "PORT", order = 5, description = "gRPC (default: 9002).")
    private @Nullable Integer trainingPort;

    @Option(names = "--inference-port", paramLabel = "PORT", order = 6, description = "gRPC (default: 9003).")
    private @Nullable Integer inferencePort;

    @Option(names = "--customers", paramLabel = "N", order = 7, description = "Customers of the demo company.")
    private @Nullable Integer customers;

    @Option(names = "--seed", paramLabel = "N", order = 8, description = "Seed of the demo company.")
    private @Nullable Long seed;

    @Option(
            names = "--ready-seconds",
            paramLabel = "N",
            order = 9,
            description = "How long the services may take to become ready (default: 180).")
    private @Nullable Integer readySeconds;

    @Unmatched
    private List<String> others = new ArrayList<>();

    UpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean hasVectors = VectorModule.isOffered();
        ProcessBuilder builder = new ProcessBuilder(command(hasVectors)).inheritIO();
        if (hasVectors) {
            builder.redirectError(ProcessBuilder.Redirect.PIPE);
        }
        Process child = builder.start();
        Optional<Thread> errors = hasVectors ? Optional.of(VectorModule.copyErrors(child)) : Optional.empty();
        Thread stop = new Thread(() -> stop(child), "stop-child");
        Runtime.getRuntime().addShutdownHook(stop);
        int exitCode = child.waitFor();
        if (errors.isPresent()) {
            errors.get().join(TimeUnit.SECONDS.toMillis(STOP_SECONDS)); // its last words
        }
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            return exitCode; // this process is being told to stop too
        }
        return exitCode;
    }

    private static void stop(Process child) {
        child.destroy();
        try {
            if (!child.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                child.destroyForcibly();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Returns the command line of the child. */
    private List<String> command(boolean hasVectors) {
        Path jar = home().resolve("standalone/target/foresell-standalone.jar");
        if (!Files.isRegularFile(jar)) {
            throw new ServiceException(Failure.invalid(
                    "NOT_BUILT", "%s is missing (expected: built by './foresell build')".formatted(jar)));
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String options = session.options().environment().getOrDefault("FORESELL_JAVA_OPTS", DEFAULT_JAVA_OPTIONS);
        if (hasVectors) {
            command.addAll(List.of("--add-modules", VectorModule.NAME));
        }
        command.addAll(List.of(options.strip().split("\\s+")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(arguments());
        return command;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (isDemo) {
            arguments.add("--demo");
        }
        add(arguments, "--data", data);
        add(arguments, "--gateway-port", gatewayPort);
        add(arguments, "--feature-store-port", featureStorePort);
        add(arguments, "--training-port", trainingPort);
        add(arguments, "--inference-port", inferencePort);
        add(arguments, "--customers", customers);
        add(arguments, "--seed", seed);
        add(arguments, "--ready-seconds", readySeconds);
        add(arguments, "--parent-pid", ProcessHandle.current().pid());
        arguments.addAll(others);
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Object value) {
        if (value != null) {
            arguments.add(name);
            arguments.add(value.toString());
        }
    }

    /** Returns the folder of the repository: told by the launcher, else two above the jar's. */
    private static Path home() {
        String told = System.getProperty("foresell.home", "");
        if (!told.isEmpty()) {
            return Path.of(told);
        }
        try {
            Path jar = Path.of(UpCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path home = jar.resolve("../../..").normalize();
            return home;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the jar's place is not a path", e);
        }
    }
}
