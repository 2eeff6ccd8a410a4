package io.foresell.standalone.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One {@code foresell up} on ports and a data folder of its own; may be killed and started again on the same data. */
public final class Standalone implements AutoCloseable {
    private static final Path JAR = ChildProcess.ROOT.resolve("standalone/target/foresell-standalone.jar");
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private final Path folder;
    private final int featureStorePort = ChildProcess.freePort();
    private final int trainingPort = ChildProcess.freePort();
    private final int inferencePort = ChildProcess.freePort();
    private final int gatewayPort = ChildProcess.freePort();
    private ChildProcess process;

    private final List<String> jvmOptions;
    private final Map<String, String> environment;

    private Standalone(Path folder, List<String> arguments, List<String> jvmOptions, Map<String, String> environment)
            throws IOException {
        this.folder = folder;
        this.jvmOptions = jvmOptions;
        this.environment = environment;
        this.process = launch(arguments);
    }

    /** Starts the process with more options for its JVM and more variables. */
    public static Standalone start(Path folder, List<String> jvmOptions, Map<String, String> environment)
            throws IOException {
        return new Standalone(folder, List.of(), jvmOptions, environment);
    }

    /** Starts the process in a folder of the caller's. */
    public static Standalone start(Path folder, String... arguments) throws IOException {
        return new Standalone(folder, List.of(arguments), List.of(), Map.of());
    }

    private ChildProcess launch(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "--data", folder.resolve("data").toString(),
                "--feature-store-port", Integer.toString(featureStorePort),
                "--training-port", Integer.toString(trainingPort),
                "--inference-port", Integer.toString(inferencePort),
                "--gateway-port", Integer.toString(gatewayPort)));
        all.addAll(arguments);
        List<String> options = new ArrayList<>(List.of("-Xmx1200m"));
        options.addAll(jvmOptions);
        return ChildProcess.jar(folder, JAR, options, all, environment);
    }

    /** Starts again on the same data, after {@link #process()} was killed or stopped. */
    public void startAgain(String... arguments) throws IOException {
        process = launch(List.of(arguments));
    }

    public Standalone awaitReady() throws IOException, InterruptedException {
        process.awaitOutput("Foresell is ready", PATIENCE);
        return this;
    }

    public ChildProcess process() {
        return process;
    }

    public Command command() {
        return new Command(featureStorePort, trainingPort, inferencePort);
    }

    public Path data() {
        return folder.resolve("data");
    }

    public int featureStorePort() {
        return featureStorePort;
    }

    public int trainingPort() {
        return trainingPort;
    }

    public int inferencePort() {
        return inferencePort;
    }

    public int gatewayPort() {
        return gatewayPort;
    }

    @Override
    public void close() {
        process.close();
    }
}
