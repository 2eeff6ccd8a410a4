package io.foresell.standalone.cluster;

import io.foresell.feature.FeatureStoreConfig;
import io.foresell.feature.FeatureStoreServer;
import io.foresell.inference.InferenceConfig;
import io.foresell.inference.InferenceServer;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.store.embedded.EmbeddedStoreException;
import io.foresell.training.TrainingConfig;
import io.foresell.training.TrainingServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Feature store, training, inference and gateway in this process, talking to each other over gRPC as they would in production. Closing
 * stops them in reverse order, the store last.
 */
public final class LocalCluster implements AutoCloseable {
    private final ServiceProcess.Resources resources;

    private LocalCluster(ServiceProcess.Resources resources) {
        this.resources = resources;
    }

    /**
     * Starts everything and returns when every service is ready.
     *
     * @param wire who reaches it and what is asked of them
     * @param told hears what is being started
     * @throws ServiceException when a port is in use, the data is open in another process, or a service does not get ready
     */
    public static LocalCluster start(
            DataFolder data, Ports ports, Wire wire, Duration readiness, Consumer<String> told) {
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        try {
            start(data, ports, wire, readiness, told, resources);
            return new LocalCluster(resources);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static void start(
            DataFolder data,
            Ports ports,
            Wire wire,
            Duration readiness,
            Consumer<String> told,
            ServiceProcess.Resources resources) {
        told.accept("embedded store");
        String mongoUri = resources.add(openStore(data)).uri();

        told.accept("feature store");
        FeatureStoreServer featureStore = resources.add(FeatureStoreServer.start(
                FeatureStoreConfig.read(settings(
                        ports, wire.of("feature-store"), ports.featureStore(), wire, Map.of("mongo.uri", mongoUri))),
                telemetry(FeatureStoreServer.NAME, resources)));

        told.accept("training and registry");
        TrainingServer training = resources.add(TrainingServer.start(
                TrainingConfig.read(settings(
                        ports,
                        wire.of("training"),
                        ports.training(),
                        wire,
                        Map.of(
                                "mongo.uri", mongoUri,
                                "feature-store.target", Ports.local(ports.featureStore()),
                                "rollout.inference-targets", Ports.local(ports.inference()),
                                "scratch.folder", data.scratch().toString()))),
                telemetry(TrainingServer.NAME, resources)));

        told.accept("inference"); // which logs each prediction here, so that a person finds it again
        InferenceServer inference = resources.add(InferenceServer.start(
                InferenceConfig.read(settings(
                        ports,
                        wire.of("inference"),
                        ports.inference(),
                        wire,
                        Map.of(
                                "registry.target", Ports.local(ports.training()),
                                "feature-store.target", Ports.local(ports.featureStore()),
                                "cache.folder", data.packages().toString(),
                                "prediction-log.percent", "100",
                                "open-inference.test-models",
                                        System.getenv().getOrDefault("FORESELL_OPEN_INFERENCE_TEST_MODELS", "false")))),
                telemetry(InferenceServer.NAME, resources)));

        told.accept("gateway");
        GatewayProcess gateway = resources.add(GatewayProcess.start(ports, wire, data));
        await("feature store", featureStore::isServing, readiness);
        await("training", training::isServing, readiness);
        await("inference", inference::isServing, readiness);
        await("gateway", gateway::isReady, readiness);
    }

    private static EmbeddedStore openStore(DataFolder data) {
        try {
            return EmbeddedStore.open(data.store());
        } catch (EmbeddedStoreException e) {
            throw new ServiceException(Failure.precondition("STORE_UNUSABLE", String.valueOf(e.getMessage())), e);
        }
    }

    private static Settings settings(
            Ports ports, Map<String, String> security, int grpcPort, Wire wire, Map<String, String> own) {
        Map<String, String> values = new LinkedHashMap<>(security);
        values.putAll(own);
        values.put("grpc.host", wire.host());
        values.put("grpc.port", Integer.toString(grpcPort));
        values.put("http.port", Integer.toString(ports.httpOf(grpcPort)));
        values.put("grpc.drain", "5s");
        return Settings.of(values);
    }

    private static Telemetry telemetry(String service, ServiceProcess.Resources resources) {
        // FORESELL_TRACES_ENDPOINT alone: every other setting of this process is a command-line option.
        return resources.add(Telemetry.read(service, Settings.load(new String[0], System.getenv())));
    }

    private static void await(String service, BooleanSupplier isReady, Duration readiness) {
        long end = System.nanoTime() + readiness.toNanos();
        while (!isReady.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new ServiceException(Failure.precondition(
                        "NOT_READY",
                        "%s: not ready after %d s (expected: ready; see the log, or give it more --ready-seconds)"
                                .formatted(service, readiness.toSeconds())));
            }
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServiceException(Failure.precondition("INTERRUPTED", "start was interrupted"), e);
            }
        }
    }

    @Override
    public void close() {
        resources.close();
    }
}
