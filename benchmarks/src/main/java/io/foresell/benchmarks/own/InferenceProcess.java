package io.foresell.benchmarks.own;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The built inference service in a process of its own. Ports and cache folder stay the same when it is started again, so that to its callers it is
 * the same replica. Not thread-safe.
 */
public final class InferenceProcess implements AutoCloseable {
    private static final String JAR = "inference-service/target/foresell-inference-service.jar";

    private final String name;
    private final Path root;
    private final Path folder;
    private final int port = ChildJvm.freePort();
    private final List<String> settings = new ArrayList<>();
    private final List<String> jvmArguments =
            new ArrayList<>(List.of("-Xms512m", "-Xmx512m", "--add-modules", "jdk.incubator.vector"));
    private @Nullable ChildJvm process;

    /**
     * Makes a process that does not run yet.
     *
     * @param root the folder of the sources, built
     * @param folder where its settings and what it says are kept
     * @param cacheFolder where it keeps packages
     */
    public InferenceProcess(String name, Path root, Path folder, Path cacheFolder, int registryPort)
            throws IOException {
        this.name = name;
        this.root = root;
        this.folder = folder;
        settings.add("grpc.port=" + port);
        settings.add("http.port=" + ChildJvm.freePort());
        settings.add("registry.target=localhost:" + registryPort);
        settings.add("cache.folder=" + cacheFolder);
    }

    /** Adds a setting, {@code key=value}. */
    public InferenceProcess with(String setting) {
        settings.add(setting);
        return this;
    }

    /** Adds an argument of the virtual machine. */
    public InferenceProcess withJvm(String argument) {
        jvmArguments.add(argument);
        return this;
    }

    /** Starts it; it may not run already. */
    public ChildJvm start() throws IOException {
        Path file = Files.write(folder.resolve(name + ".properties"), settings);
        List<String> arguments = new ArrayList<>(jvmArguments);
        arguments.add("-jar");
        arguments.add(ChildJvm.built(root, JAR).toString());
        arguments.add(file.toString());
        ChildJvm started = ChildJvm.start(name, folder, arguments);
        process = started;
        return started;
    }

    /** Returns the gRPC port. */
    public int port() {
        return port;
    }

    /** Returns the running process. */
    public ChildJvm process() {
        ChildJvm running = process;
        if (running == null) {
            throw new IllegalStateException("%s does not run".formatted(name));
        }
        return running;
    }

    /**
     * Waits until it serves; returns what it serves first.
     *
     * @param channel to this process
     */
    public LoadedModel awaitReady(Channel channel) throws InterruptedException, IOException {
        return process().awaitValue(() -> ready(channel));
    }

    /** Returns what a server serves first; empty when it does not answer or serves nothing. */
    private static Optional<LoadedModel> ready(Channel channel) {
        try {
            return models(channel).stream()
                    .filter(model -> model.getState() == LoadState.LOAD_STATE_READY)
                    .findFirst();
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Returns what a server has; throws StatusRuntimeException when it does not say. */
    public static List<LoadedModel> models(Channel channel) {
        return InferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(2, TimeUnit.SECONDS)
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                .getModelsList();
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    @Override
    public void close() {
        ChildJvm running = process;
        process = null;
        if (running != null) {
            running.close();
        }
    }
}
