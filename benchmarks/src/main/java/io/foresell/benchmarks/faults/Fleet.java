package io.foresell.benchmarks.faults;

import io.foresell.benchmarks.own.InferenceProcess;
import io.foresell.benchmarks.own.OwnRegistry;
import io.foresell.benchmarks.release.AskedRows;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.benchmarks.release.ReleaseHistory;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.grpc.Channel;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Two replicas of the built inference service in processes of their own behind one channel, and a registry in this process. Everything that is
 * released is written down in a history. Used by one thread at a time.
 */
final class Fleet implements AutoCloseable {
    static final String MODEL = "own";
    static final int REPLICAS = 2;

    private static final int ROWS = 4; // of a call: an answer of one row cannot be mixed
    private static final Duration PATIENCE = Duration.ofMinutes(3); // of a busy machine

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final Telemetry telemetry = resources.add(Telemetry.local("benchmarks"));
    private final AskedRows rows = AskedRows.draw(MODEL, ROWS);
    private final ReleaseHistory history = new ReleaseHistory();
    private final Queue<PreparedVersion> prepared = new ArrayDeque<>();
    private final List<InferenceProcess> replicas = new ArrayList<>();
    private final List<Channel> direct = new ArrayList<>(); // one a replica
    private final OwnRegistry registry;
    private final FillableFolder disk;
    private final Channel channel;
    private int lastVersion; // prepared
    private int lastRevision;

    /**
     * Starts the replicas and waits until both serve.
     *
     * @param root the folder of the sources, built
     */
    Fleet(Path root) throws IOException, InterruptedException {
        try {
            Path folder = Files.createTempDirectory("foresell-faults");
            resources.add(() -> delete(folder));
            disk = resources.add(FillableFolder.below(folder));
            registry = resources.add(new OwnRegistry(MODEL));
            prepare(1);
            release(next());
            for (int i = 1; i <= REPLICAS; i++) {
                InferenceProcess replica = resources.add(new InferenceProcess(
                                "replica-" + i, root, folder, disk.path().resolve("packages-" + i), registry.port())
                        .with("feature-store.target=localhost:1")
                        .with("grpc.drain-delay=1s"));
                replica.start();
                replicas.add(replica);
                direct.add(open("localhost:" + replica.port()));
            }
            for (int i = 0; i < REPLICAS; i++) {
                awaitReady(i);
            }
            ReplicaAddresses addresses = new ReplicaAddresses(
                    replicas.stream().map(InferenceProcess::port).toList());
            NameResolverRegistry.getDefaultRegistry().register(addresses);
            resources.add(() -> NameResolverRegistry.getDefaultRegistry().deregister(addresses));
            channel = open(ReplicaAddresses.SCHEME + ":///inference");
        } catch (IOException | InterruptedException | RuntimeException e) {
            resources.close();
            throw e;
        }
    }

    private Channel open(String target) {
        return resources
                .add(GrpcClient.open(target, WireSettings.local(0, 0), telemetry))
                .channel();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Returns the callers' channel: both replicas in turn, asked once more after UNAVAILABLE. */
    Channel channel() {
        return channel;
    }

    AskedRows rows() {
        return rows;
    }

    ReleaseHistory history() {
        return history;
    }

    OwnRegistry registry() {
        return registry;
    }

    FillableFolder disk() {
        return disk;
    }

    List<Long> pids() {
        return replicas.stream().map(replica -> replica.process().pid()).toList();
    }

    /** Makes versions for later, so that making them disturbs nothing. */
    void prepare(int count) {
        while (prepared.size() < count) {
            prepared.add(PreparedVersion.of(MODEL, ++lastVersion, rows));
        }
    }

    /** Returns a version that was prepared and never released. */
    PreparedVersion next() {
        prepare(1);
        return prepared.remove();
    }

    /** Releases a version with all the weight; returns the revision. */
    int release(PreparedVersion version) {
        return release(Map.of(version, 100));
    }

    /** Releases versions by their weights; returns the revision. */
    int release(Map<PreparedVersion, Integer> weights) {
        int revision = ++lastRevision;
        Map<Integer, Integer> byNumber = new LinkedHashMap<>();
        weights.forEach((version, weight) -> {
            registry.publish(version.version(), version.packageBytes());
            byNumber.put(version.version(), weight);
        });
        history.ordering(revision, List.copyOf(weights.keySet()));
        registry.release(revision, byNumber);
        return revision;
    }

    /** Releases a package that no replica may serve; returns the revision. */
    int releaseBroken(byte[] packageBytes, String digest, long announcedBytes) {
        int version = ++lastVersion;
        int revision = ++lastRevision;
        registry.publish(version, packageBytes, digest, announcedBytes);
        history.orderingBroken(revision);
        registry.release(revision, Map.of(version, 100));
        return revision;
    }

    /** Waits until every replica says that it serves a revision. */
    void awaitServed(int revision) throws InterruptedException {
        await("revision %d on every replica".formatted(revision), models -> models.stream()
                .anyMatch(model -> model.getState() == LoadState.LOAD_STATE_READY
                        && model.getReleaseRevision() == revision
                        && model.getWeight() > 0));
    }

    /** Waits until every replica says that it could not load a revision; returns why, as the first says it. */
    String awaitRefused(int revision) throws InterruptedException {
        String start = "release %d: ".formatted(revision);
        await("a refusal of revision %d by every replica".formatted(revision), models -> models.stream()
                .anyMatch(model -> model.getState() == LoadState.LOAD_STATE_FAILED
                        && model.getFailure().startsWith(start)));
        return InferenceProcess.models(direct.get(0)).stream()
                .map(LoadedModel::getFailure)
                .filter(failure -> failure.startsWith(start))
                .findFirst()
                .map(failure -> failure.substring(start.length()))
                .orElse("");
    }

    private void await(String what, Predicate<List<LoadedModel>> isSo) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (Channel each : direct) {
            while (!says(each, isSo)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("%s: not within %d s".formatted(what, PATIENCE.toSeconds()));
                }
                Thread.sleep(20);
            }
        }
    }

    private static boolean says(Channel replica, Predicate<List<LoadedModel>> isSo) {
        try {
            return isSo.test(InferenceProcess.models(replica));
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** Ends a replica as a rollout does, by SIGTERM, and waits until the process is gone. */
    void stop(int replica) {
        replicas.get(replica).close();
    }

    /** Starts a replica again and waits until it serves. */
    void start(int replica) throws IOException, InterruptedException {
        replicas.get(replica).start();
        awaitReady(replica);
    }

    private void awaitReady(int replica) throws IOException, InterruptedException {
        replicas.get(replica).awaitReady(direct.get(replica));
    }

    @Override
    public void close() {
        resources.close();
    }
}
