package io.foresell.inference;

import io.foresell.inference.admit.AdaptiveLimit;
import io.foresell.inference.admit.AdmissionSettings;
import io.foresell.inference.admit.CallAdmission;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.admit.LagGate;
import io.foresell.inference.audit.AuditTrail;
import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.PackageTrust;
import io.foresell.inference.fetch.RegistryClient;
import io.foresell.inference.fetch.RegistryConnection;
import io.foresell.inference.fetch.RegistryWatcher;
import io.foresell.inference.forget.ErasureWatcher;
import io.foresell.inference.ladder.LastKnownScores;
import io.foresell.inference.load.LoadDemands;
import io.foresell.inference.load.LoadLane;
import io.foresell.inference.load.LoadOrders;
import io.foresell.inference.load.LoadStates;
import io.foresell.inference.load.MemoryBudget;
import io.foresell.inference.load.RecordedVersions;
import io.foresell.inference.load.VersionLoader;
import io.foresell.inference.lookup.FeatureLookup;
import io.foresell.inference.lookup.FeatureSetClient;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.serve.BulkLane;
import io.foresell.inference.serve.HeavyLane;
import io.foresell.inference.serve.InferenceAccess;
import io.foresell.inference.serve.InferenceEndpoint;
import io.foresell.inference.serve.ServeParts;
import io.foresell.inference.serve.ShadowRecording;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.serve.replay.ReplayEndpoint;
import io.foresell.inference.serve.statistics.StatisticsEndpoint;
import io.foresell.inference.serve.tensor.OpenInferenceEndpoint;
import io.foresell.inference.serve.tensor.RefusedControl;
import io.foresell.inference.shadow.ShadowLane;
import io.foresell.kit.EventLoops;
import io.foresell.kit.Gate;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.HttpEndpoint;
import io.foresell.kit.RotatedFile;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.sign.TrustedKeys;
import io.foresell.model.kernel.Kernels;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inference service in one process: ready (health SERVING, /readyz 200) when what it served last was loaded from disk, or
 * the registry told all releases and each was tried once. Closing drains: calls in flight are answered first.
 */
public final class InferenceServer implements AutoCloseable {
    /** Name of the process, the domain of its failures. */
    public static final String NAME = "inference";

    private static final Logger log = LoggerFactory.getLogger(InferenceServer.class);
    private static final Duration LONGEST_FLUSH = Duration.ofSeconds(5);

    private final ServiceProcess.Resources resources;
    private final GrpcServer grpc;
    private final HttpEndpoint http;

    private InferenceServer(ServiceProcess.Resources resources, GrpcServer grpc, HttpEndpoint http) {
        this.resources = resources;
        this.grpc = grpc;
        this.http = http;
    }

    /**
     * Starts serving; {@code telemetry} stays the caller's.
     *
     * @throws io.foresell.kit.ServiceException FAILED_PRECONDITION when a port is in use or the cache folder cannot be used
     */
    public static InferenceServer start(InferenceConfig config, Telemetry telemetry) {
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        try {
            return start(config, telemetry, resources);
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private static InferenceServer start(
            InferenceConfig config, Telemetry telemetry, ServiceProcess.Resources resources) {
        MeterRegistry meters = telemetry.meters();
        PackageStore store = resources.add(PackageStore.open(config.cacheFolder(), config.cacheMaxBytes()));
        GrpcClient registry = resources.add(GrpcClient.open(config.registryTarget(), config.wire(), telemetry));
        GrpcClient featureStore = resources.add(GrpcClient.open(config.featureStoreTarget(), config.wire(), telemetry));

        RouteBoard board = new RouteBoard();
        LoadStates states = new LoadStates();
        ReleaseWindows windows = new ReleaseWindows(Clock.systemUTC());
        RegistryConnection connection = new RegistryConnection();
        FeatureLookup lookup = new FeatureLookup(
                featureStore, config.lookupTimeout(), config.lookupCacheRows(), config.lookupCacheMaxAge(), meters);
        InferenceConfig.Bulk bulk = config.bulk();
        PinnedVersions pins = resources.add(new PinnedVersions(bulk.hold(), meters));

        EventLoops loops = resources.add(EventLoops.start(NAME, meters));
        AdmissionSettings bounds = config.admission();
        LagGate lag = new LagGate(loops::lagNanos, loops::standingLagNanos, System::nanoTime);
        AdaptiveLimit limit =
                new AdaptiveLimit(bounds.minCalls(), bounds.maxCalls(), lag::meanLagNanos, System::nanoTime);
        CallAdmission admission = new CallAdmission(NAME, bounds, limit, lag, meters);
        CallerQuotas quotas =
                new CallerQuotas(NAME, bounds.quotas(), bounds.defaultRowsPerSecond(), System::nanoTime, meters);

        HeavyLane heavyLane = resources.add(new HeavyLane(config.heavyThreads(), limit, meters));
        BulkLane bulkLane = resources.add(new BulkLane(bulk.threads(), lag, meters));
        PredictionLog predictions = resources.add(PredictionLog.start(
                featureStore, config.log(), flushTime(config.wire().drain()), telemetry));
        ShadowLane shadowLane = resources.add(new ShadowLane(lookup, lag, new ShadowRecording(predictions), meters));
        InferenceConfig.Models models = config.models();
        MemoryBudget memory = new MemoryBudget(models.memoryBudget().onThisHeap(), models.minResidence());
        LoadDemands demands = resources.add(
                new LoadDemands(() -> Math.min(models.maxWaitingCalls(), Math.max(1, limit.limit() / 2)), meters));
        ServeParts parts = new ServeParts(
                NAME,
                board,
                pins,
                states,
                lookup,
                heavyLane,
                bulkLane,
                shadowLane,
                bulk.idle(),
                limit,
                admission,
                quotas,
                connection,
                predictions,
                demands,
                memory,
                meters);
        InferenceEndpoint endpoint = new InferenceEndpoint(parts);
        RegistryClient packages = new RegistryClient(registry);
        ReplayEndpoint replay = resources.add(new ReplayEndpoint(
                featureStore, board, new RecordedVersions(store, packages, config.onnxRuntimeThreads())));
        LoadOrders orders = new LoadOrders();
        String host = System.getenv().getOrDefault("HOSTNAME", "");
        AuditTrail audit = resources.add(AuditTrail.start(
                config.cacheFolder().resolve("audit"),
                registry,
                host.isEmpty() ? NAME + " on port " + config.wire().grpcPort() : host,
                flushTime(config.wire().drain()),
                Clock.systemUTC(),
                telemetry));
        OpenInferenceEndpoint openInference =
                new OpenInferenceEndpoint(parts, orders, audit, options(config.openInference()));
        StatisticsEndpoint statistics =
                resources.add(new StatisticsEndpoint(board, states, windows, connection, host, Clock.systemUTC()));
        measure(connection, meters);

        GrpcServer grpc = GrpcServer.start(
                NAME,
                config.wire(),
                telemetry,
                GrpcServer.Threads.NETWORK,
                List.of(endpoint, openInference, statistics, replay),
                new Gate(
                        admission,
                        List.of(quotas),
                        loops,
                        List.of(new RefusedControl(audit)),
                        bounds.maxCallsPerConnection()),
                InferenceAccess.TABLE);
        grpc.whenDraining(() -> {
            endpoint.drain();
            openInference.drain();
        });
        HttpEndpoint http;
        try {
            http = HttpEndpoint.start(config.wire().host(), config.wire().httpPort(), telemetry, grpc::isServing);
        } catch (RuntimeException e) {
            grpc.close();
            throw e;
        }
        resources.add(http);

        PackageTrust trust = trust(config, registry, store, telemetry, resources);
        VersionLoader loader = new VersionLoader(store, packages, trust, config.onnxRuntimeThreads(), meters);
        LastKnownScores lastKnown = resources.add(new LastKnownScores(meters));
        resources.add(ErasureWatcher.start(featureStore, List.of(lookup.memory(), lastKnown), meters));
        FeatureSetClient featureSets = new FeatureSetClient(featureStore, config.lookupTimeout(), Clock.systemUTC());
        LoadLane lane = resources.add(new LoadLane(
                loader,
                store,
                board,
                pins,
                states,
                windows,
                lastKnown,
                featureSets,
                orders,
                demands,
                memory,
                () -> grpc.setServing(true),
                meters));
        lane.start();
        resources.add(RegistryWatcher.start(registry, lane, connection));
        resources.add(grpc); // opened early, closed first: no release swaps under draining calls
        return new InferenceServer(resources, grpc, http);
    }

    /** Records that are answered for are sent within the time to drain, but the feature store, when away, is not waited for so long. */
    private static Duration flushTime(Duration drain) {
        return drain.compareTo(LONGEST_FLUSH) < 0 ? drain : LONGEST_FLUSH;
    }

    private static PackageTrust trust(
            InferenceConfig config,
            GrpcClient registry,
            PackageStore store,
            Telemetry telemetry,
            ServiceProcess.Resources resources) {
        if (config.trustedKeys().isEmpty()) {
            return PackageTrust.ofAll(registry, store);
        }
        Supplier<TrustedKeys> keys = RotatedFile.open(
                "packages.trusted-keys",
                config.trustedKeys().get(),
                bytes -> TrustedKeys.parse("packages.trusted-keys", bytes),
                config.wire(),
                telemetry,
                resources);
        return PackageTrust.of(keys, registry, store);
    }

    private static OpenInferenceEndpoint.Options options(InferenceConfig.OpenInference config) {
        return new OpenInferenceEndpoint.Options(
                config.serverName(), config.hasTestModels(), config.isModelControlled(), config.isAlwaysRaw());
    }

    private static void measure(RegistryConnection connection, MeterRegistry meters) {
        Gauge.builder("registry_message_age", connection, RegistryConnection::messageAgeSeconds)
                .description("Age of the newest message from the registry")
                .baseUnit("seconds")
                .register(meters);
        String kernels = Kernels.best().name();
        log.info("kernels of compiled networks kernels=\"{}\"", kernels);
        Gauge.builder("inference_kernels", () -> 1)
                .description("1; the tag names the arithmetic of compiled networks, plain or vector and its bits")
                .tag("kernels", kernels)
                .register(meters);
        Gauge.builder("registry_connected", connection, state -> state.isConnected() ? 1 : 0)
                .description("1 while the watch on the registry is connected")
                .register(meters);
    }

    public int grpcPort() {
        return grpc.port();
    }

    public int httpPort() {
        return http.port();
    }

    /** Returns whether health answers SERVING. */
    public boolean isServing() {
        return grpc.isServing();
    }

    @Override
    public void close() {
        resources.close();
    }
}
