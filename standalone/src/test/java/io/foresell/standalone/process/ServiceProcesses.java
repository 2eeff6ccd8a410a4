package io.foresell.standalone.process;

import io.foresell.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The production shape: each service a process of its own, configured by a properties file, talking to a MongoDB given by URI. */
public final class ServiceProcesses {
    private static final int AWAY = 4;

    private final Path folder;
    private final Duration patience;
    private final int featureStorePort = freePort();
    private final int trainingPort = freePort();
    private final int inferencePort = freePort();
    private final Command command = new Command(featureStorePort, trainingPort, inferencePort);

    /** Chooses ports; {@code patience} is how long a start, and an answer, may take. */
    public ServiceProcesses(Path folder, Duration patience) {
        this.folder = folder;
        this.patience = patience;
    }

    /** Returns a port that nobody has. */
    public static int freePort() {
        try {
            return ChildProcess.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the port of the first server of inference. */
    public int inferencePort() {
        return inferencePort;
    }

    public Command command() {
        return command;
    }

    public ChildProcess featureStore(EmbeddedStore store) throws Exception {
        return start("feature-store-service", "feature-store", featureStorePort, "mongo.uri=" + store.uri());
    }

    /** Starts training with more settings, {@code KEY=VALUE} each. */
    public ChildProcess training(EmbeddedStore store, String... settings) throws Exception {
        return start(
                "training-service",
                "training",
                trainingPort,
                "mongo.uri=%s%nfeature-store.target=localhost:%d%n%s"
                        .formatted(
                                store.uri(), featureStorePort, String.join(System.lineSeparator(), List.of(settings))));
    }

    /** Starts the first server of inference with more settings, {@code KEY=VALUE} each. */
    public ChildProcess inference(String... settings) throws Exception {
        return inference("inference", inferencePort, settings);
    }

    /** Starts a server of inference with a folder of its own. */
    public ChildProcess inference(String name, int port, String... settings) throws Exception {
        return start(
                "inference-service",
                name,
                port,
                "registry.target=localhost:%d%nfeature-store.target=localhost:%d%ncache.folder=%s%n%s"
                        .formatted(
                                trainingPort,
                                featureStorePort,
                                folder.resolve(name),
                                String.join(System.lineSeparator(), List.of(settings))));
    }

    private ChildProcess start(String module, String name, int port, String settings) throws Exception {
        Path jar = ChildProcess.ROOT.resolve(module + "/target/foresell-" + module + ".jar");
        Path file = Files.writeString(
                folder.resolve(name + ".properties"), "grpc.port=%d%nhttp.port=0%n%s%n".formatted(port, settings));
        ChildProcess process = ChildProcess.jar(folder, jar, List.of("-Xmx400m"), List.of(file.toString()));
        process.awaitOutput("started server=", patience);
        return process;
    }

    /** Repeats a command until it is answered: services come up, and back, in their own time. */
    public Command.Result eventually(String... arguments) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        Command.Result result = command.run(arguments);
        while (result.exitCode() == AWAY && System.nanoTime() < end) {
            Thread.sleep(250);
            result = command.run(arguments);
        }
        return result;
    }
}
