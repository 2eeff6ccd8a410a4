package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.model.Packages;
import io.foresell.benchmarks.own.GatewayProcess;
import io.foresell.benchmarks.own.InferenceProcess;
import io.foresell.benchmarks.own.OwnFeatureStore;
import io.foresell.benchmarks.own.OwnRegistry;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An inference service and a gateway in processes of their own, with a registry and a feature store in this one. */
final class SoakServers implements AutoCloseable {
    static final String MODEL = "own";

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
    private final OwnRegistry registry;
    private final OwnFeatureStore featureStore;
    private final InferenceProcess inference;
    private final GatewayProcess gateway;
    private final Channel channel;
    private int lastVersion;

    /**
     * Starts the servers and waits until they answer.
     *
     * @param root the folder of the sources, built
     */
    SoakServers(Path root) throws IOException, InterruptedException {
        try {
            Path folder = Files.createTempDirectory("foresell-soak");
            resources.add(() -> delete(folder));
            registry = resources.add(new OwnRegistry(MODEL));
            featureStore = resources.add(new OwnFeatureStore());
            release();
            inference = resources.add(
                    new InferenceProcess("inference", root, folder, folder.resolve("packages"), registry.port())
                            .with("feature-store.target=localhost:" + featureStore.port())
                            .withJvm(ProcessProbe.TRACKING));
            inference.start();
            channel = resources
                    .add(GrpcClient.open("localhost:" + inference.port(), WireSettings.local(0, 0), telemetry))
                    .channel();
            inference.awaitReady(channel);
            gateway = resources.add(GatewayProcess.start(
                    root,
                    folder,
                    inference.port(),
                    registry.port(),
                    featureStore.port(),
                    List.of(ProcessProbe.TRACKING)));
        } catch (IOException | InterruptedException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Releases a version of other trees with all the weight. */
    void release() {
        int version = ++lastVersion;
        registry.release(
                version,
                Packages.boosted(
                        MODEL, version, OwnFeatureStore.FEATURE_SET, OwnFeatureStore.HASH, OwnFeatureStore.ENTITY));
    }

    int releasedCount() {
        return lastVersion;
    }

    Channel channel() {
        return channel;
    }

    /** Returns the inference service, {@code host:port}. */
    String inference() {
        return "localhost:" + inference.port();
    }

    /** Returns the gateway's address. */
    String gateway() {
        return gateway.address();
    }

    long loggedCount() {
        return featureStore.loggedCount();
    }

    /** Begins to ask both processes what they hold. */
    List<ProcessProbe> probes() throws IOException {
        return List.of(
                resources.add(
                        ProcessProbe.attach("inference", inference.process().pid())),
                resources.add(ProcessProbe.attach("gateway", gateway.pid())));
    }

    @Override
    public void close() {
        resources.close();
    }
}
