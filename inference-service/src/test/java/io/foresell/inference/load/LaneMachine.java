package io.foresell.inference.load;

import io.foresell.inference.fetch.PackageSource;
import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.PackageTrust;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.ladder.LastKnownScores;
import io.foresell.inference.lookup.FeatureSetClient;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The real parts of a server that load and route, over a folder, and a registry whose packages may be out of reach. */
final class LaneMachine implements AutoCloseable, PackageSource {
    final Map<String, byte[]> packages = new ConcurrentHashMap<>(); // by digest; read by the lane, too
    volatile boolean isRegistryUp = true;
    volatile Runnable whenStarted = () -> {}; // of the next start
    RouteBoard board;
    LoadStates states;
    ReleaseWindows windows;
    LoadOrders orders;
    LoadDemands demands;
    MemoryBudget budget;
    PinnedVersions pins;
    LoadLane lane;

    private final Path folder;
    private final long budgetBytes;
    private final Duration hold;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Telemetry telemetry = Telemetry.local("machine");
    private final GrpcClient nobody = GrpcClient.open("localhost:1", WireSettings.local(0, 0), telemetry);
    private PackageStore store;
    private LastKnownScores lastKnown;

    /**
     * Starts.
     *
     * @param budgetBytes that loaded models may keep; 0 for any
     * @param hold how long the version of a broken bulk stream stays
     */
    LaneMachine(Path folder, long budgetBytes, Duration hold) {
        this.folder = folder;
        this.budgetBytes = budgetBytes;
        this.hold = hold;
        start();
    }

    void start() {
        store = PackageStore.open(folder, 1_000_000_000);
        board = new RouteBoard();
        states = new LoadStates();
        windows = new ReleaseWindows(Clock.systemUTC());
        orders = new LoadOrders();
        demands = new LoadDemands(() -> 100, meters);
        budget = new MemoryBudget(budgetBytes, Duration.ZERO);
        pins = new PinnedVersions(hold, meters);
        lastKnown = new LastKnownScores(meters);
        lane = new LoadLane(
                new VersionLoader(store, this, PackageTrust.ofAll(nobody, store), 1, meters),
                store,
                board,
                pins,
                states,
                windows,
                lastKnown,
                new FeatureSetClient(nobody, Duration.ofMillis(500), Clock.systemUTC()),
                orders,
                demands,
                budget,
                whenStarted,
                meters);
        lane.start();
    }

    void stop() throws IOException {
        lane.close();
        lastKnown.close();
        pins.close();
        store.close();
    }

    @Override
    public void fetch(String model, RoutedVersion version, PackageStore into) throws IOException {
        if (!isRegistryUp) {
            throw new ServiceException(
                    Failure.unavailable("REGISTRY_AWAY", "registry: no answer (expected: one)", Duration.ZERO));
        }
        into.write(
                version,
                List.of(ByteBuffer.wrap(packages.get(version.digest()))).iterator());
    }

    @Override
    public void close() throws IOException {
        stop();
        nobody.close();
        telemetry.close();
    }
}
