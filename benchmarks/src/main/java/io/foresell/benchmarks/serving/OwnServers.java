package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.model.Packages;
import io.foresell.benchmarks.own.GatewayProcess;
import io.foresell.benchmarks.own.InferenceProcess;
import io.foresell.benchmarks.own.OwnRegistry;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.PackedRows;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An inference service and a gateway of our own making, each in a process as the build left it, with the model of the speed target: 100
 * boosted trees of depth 6 over 40 numbers. The registry is in this process and does nothing unless told. Nothing else runs.
 */
final class OwnServers implements Servers {
    static final String MODEL = "own";

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
    private final List<Long> pids = new ArrayList<>();
    private final Path root;
    private final Path folder;
    private final OwnRegistry registry;
    private final int inferencePort;
    private final LoadedModel loaded;
    private final MeasuredRow row;
    private String gateway = "";

    /**
     * Starts the inference service and waits until it answers.
     *
     * @param root the folder of the sources, built
     */
    OwnServers(Path root) throws IOException, InterruptedException {
        this.root = root;
        try {
            folder = Files.createTempDirectory("foresell-serving");
            resources.add(this::deleteFolder);
            registry = resources.add(new OwnRegistry(MODEL));
            release(1);
            InferenceProcess inference = resources.add(
                    new InferenceProcess("inference", root, folder, folder.resolve("packages"), registry.port())
                            .with("feature-store.target=localhost:1"));
            inferencePort = inference.port();
            pids.add(inference.start().pid());
            Channel channel = open(inference());
            loaded = inference.awaitReady(channel);
            PackedRows.Builder packed = PackedRows.newBuilder().setRowCount(1);
            for (float number : Packages.boostedRow(5)) {
                packed.addNumbers(number);
            }
            row = new MeasuredRow(loaded, packed.build());
        } catch (IOException | InterruptedException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    /** Starts these with a gateway in front. */
    static OwnServers withGateway(Path root) throws IOException, InterruptedException {
        OwnServers servers = new OwnServers(root);
        try {
            servers.startGateway();
            return servers;
        } catch (IOException | InterruptedException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    /** Publishes and releases a version: other trees, of the same shape. */
    void release(int version) {
        registry.release(version, Packages.boosted(MODEL, version));
    }

    /** Returns the registry, which releases what it is told. */
    OwnRegistry registry() {
        return registry;
    }

    /** Starts a gateway in front of the inference service. */
    void startGateway() throws IOException, InterruptedException {
        GatewayProcess started =
                resources.add(GatewayProcess.start(root, folder, inferencePort, registry.port(), 1, List.of()));
        pids.add(started.pid());
        gateway = started.address();
    }

    private void deleteFolder() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public Channel open(String target) {
        return resources
                .add(GrpcClient.open(target, WireSettings.local(0, 0), telemetry))
                .channel();
    }

    @Override
    public LoadedModel loaded() {
        return loaded;
    }

    @Override
    public MeasuredRow row() {
        return row;
    }

    @Override
    public List<String> entityKeys() {
        return List.of();
    }

    @Override
    public String inference() {
        return "localhost:" + inferencePort;
    }

    @Override
    public String gateway() {
        return gateway;
    }

    @Override
    public List<Long> pids() {
        return List.copyOf(pids);
    }

    @Override
    public void close() {
        resources.close();
    }
}
