package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.model.Packages;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.PackedRows;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An inference service and a gateway of our own making, each in a process as the build left it, with the model of the speed target: 100
 * boosted trees of depth 6 over 40 numbers. The registry is in this process and does nothing unless told. Nothing else runs.
 */
final class OwnServers implements Servers {
    static final String MODEL = "own";

    private static final Duration PATIENCE = Duration.ofMinutes(3); // of a busy machine
    private static final String INFERENCE_JAR = "inference-service/target/foresell-inference-service.jar";
    private static final String GATEWAY_JAR = "gateway/target/quarkus-app/quarkus-run.jar";
    private static final String BARE_JAR = "benchmarks/bare-json/target/quarkus-app/quarkus-run.jar";

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
    private final HttpClient http = HttpClient.newHttpClient();
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
            inferencePort = ChildJvm.freePort();
            ChildJvm inference = startInference();
            InferenceServiceGrpc.InferenceServiceBlockingStub stub =
                    InferenceServiceGrpc.newBlockingStub(open(inference()));
            inference.await(() -> ready(stub).isPresent(), PATIENCE);
            loaded = ready(stub).orElseThrow();
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

    private ChildJvm startInference() throws IOException {
        List<String> settings = List.of(
                "grpc.port=" + inferencePort,
                "http.port=" + ChildJvm.freePort(),
                "registry.target=localhost:" + registry.port(),
                "feature-store.target=localhost:1",
                "cache.folder=" + folder.resolve("packages"));
        Path file = Files.write(folder.resolve("inference.properties"), settings);
        return child(
                "inference",
                List.of(
                        "-Xmx512m",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-jar",
                        ChildJvm.built(root, INFERENCE_JAR).toString(),
                        file.toString()));
    }

    private ChildJvm child(String name, List<String> arguments) throws IOException {
        ChildJvm child = resources.add(ChildJvm.start(name, folder, arguments));
        pids.add(child.pid());
        return child;
    }

    private static Optional<LoadedModel> ready(InferenceServiceGrpc.InferenceServiceBlockingStub stub) {
        try {
            return stub
                    .withDeadlineAfter(2, TimeUnit.SECONDS)
                    .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                    .getModelsList()
                    .stream()
                    .filter(model -> model.getState() == LoadState.LOAD_STATE_READY)
                    .findFirst();
        } catch (StatusRuntimeException e) {
            return Optional.empty();
        }
    }

    /** Publishes and releases a version: other trees, of the same shape. */
    void release(int version) {
        registry.release(version, Packages.boosted(MODEL, version));
    }

    /** Publishes and releases a package that was made before. */
    void release(int version, byte[] packageBytes) {
        registry.release(version, packageBytes);
    }

    /** Starts a gateway in front of the inference service. */
    void startGateway() throws IOException, InterruptedException {
        int port = ChildJvm.freePort();
        ChildJvm child = child(
                "gateway",
                List.of(
                        "-Xmx256m",
                        "-Dforesell.http.port=" + port,
                        "-Dforesell.inference.port=" + inferencePort,
                        "-Dforesell.training.port=" + registry.port(),
                        "-Dforesell.feature-store.port=1",
                        "-jar",
                        ChildJvm.built(root, GATEWAY_JAR).toString()));
        String address = "http://localhost:" + port;
        child.await(() -> answers(address + "/v2/health/ready"), PATIENCE);
        gateway = address;
    }

    /** Starts the bare JSON endpoint, adds it to the processes, and returns where it answers; empty when it was not built. */
    static Optional<URI> startBareJson(ServiceProcess.Resources resources, Path root, Path folder, List<Long> pids)
            throws IOException, InterruptedException {
        Path jar = root.resolve(BARE_JAR);
        if (!Files.isRegularFile(jar)) {
            return Optional.empty();
        }
        int port = ChildJvm.freePort();
        ChildJvm child = resources.add(ChildJvm.start(
                "bare-json", folder, List.of("-Xmx256m", "-Dquarkus.http.port=" + port, "-jar", jar.toString())));
        pids.add(child.pid());
        String address = "http://localhost:" + port;
        HttpClient http = HttpClient.newHttpClient();
        child.await(() -> answers(http, address + "/ready"), PATIENCE);
        return Optional.of(URI.create(address + "/score"));
    }

    private boolean answers(String address) {
        return answers(http, address);
    }

    private static boolean answers(HttpClient http, String address) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
