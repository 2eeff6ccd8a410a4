package io.foresell.benchmarks.own;

import com.google.protobuf.UnsafeByteOperations;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceImplBase;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.ReleasedVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.WatchReleasesRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A registry of one model in memory: tells releases and hands out packages over the wire, and does nothing that costs time. It can say what is
 * not so of a package, and be away for a while. Thread-safe, but for being away and coming back.
 */
public final class OwnRegistry implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int HEARTBEAT_SECONDS = 8; // a watcher expects one every 10
    private static final int KEPT_PACKAGES = 8; // a version is fetched when it is released

    private final String model;
    private final Map<Integer, Published> packages = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    private final List<StreamObserver<WatchReleasesResponse>> watchers = new ArrayList<>(); // guarded by lock
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "registry-heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private WatchReleasesResponse newest = WatchReleasesResponse.getDefaultInstance(); // guarded by lock
    private GrpcServer server;
    private final int port;
    private boolean isAway;

    /** A package, and what is said of it. */
    @SuppressWarnings("ArrayRecordComponent") // Handed out, never compared.
    private record Published(byte[] bytes, ReleasedVersion announced) {}

    public OwnRegistry(String model) throws IOException {
        this.model = model;
        this.port = ChildJvm.freePort(); // stays free while it is away
        this.server = serve();
        var unused = heart.scheduleAtFixedRate(
                () -> tell(WatchReleasesResponse.getDefaultInstance()),
                HEARTBEAT_SECONDS,
                HEARTBEAT_SECONDS,
                TimeUnit.SECONDS);
    }

    private GrpcServer serve() {
        return GrpcServer.start(
                "registry",
                WireSettings.local(port, 0),
                Telemetry.local("registry"),
                GrpcServer.Threads.POOL,
                List.of(new Service()));
    }

    public int port() {
        return port;
    }

    /** Publishes a package as a version. */
    public void publish(int version, byte[] packageBytes) {
        publish(version, packageBytes, ModelPackage.digestOf(packageBytes), packageBytes.length);
    }

    /** Publishes a package and says of it what need not be so. */
    public void publish(int version, byte[] packageBytes, String digest, long announcedBytes) {
        packages.remove(version - KEPT_PACKAGES);
        packages.put(
                version,
                new Published(
                        packageBytes,
                        ReleasedVersion.newBuilder()
                                .setVersion(version)
                                .setDigest(digest)
                                .setPackageBytes(announcedBytes)
                                .build()));
    }

    /** Publishes a package as a version and releases it with all the weight, under a revision of the same number. */
    public void release(int version, byte[] packageBytes) {
        publish(version, packageBytes);
        release(version, Map.of(version, 100));
    }

    /** Releases published versions by their weights; heard by those who watch, at once or when they come back. */
    public void release(int revision, Map<Integer, Integer> weights) {
        Release.Builder release =
                Release.newBuilder().setModel(model).setRevision(revision).setSalt("salt");
        WatchReleasesResponse.Builder message = WatchReleasesResponse.newBuilder();
        weights.forEach((version, weight) -> {
            Published published = packages.get(version);
            if (published == null) {
                throw new IllegalStateException("version %d: not published, or too long ago".formatted(version));
            }
            release.addRoutes(Route.newBuilder().setVersion(version).setWeight(weight));
            message.putVersions(model + "@" + version, published.announced());
        });
        WatchReleasesResponse told =
                message.addReleases(release).setIsComplete(true).build();
        synchronized (lock) {
            newest = told;
        }
        tell(told);
    }

    /** A watcher that went away is forgotten; it comes again by itself. */
    private void tell(WatchReleasesResponse message) {
        synchronized (lock) {
            watchers.removeIf(watcher -> {
                try {
                    watcher.onNext(message);
                    return false;
                } catch (RuntimeException e) {
                    return true;
                }
            });
        }
    }

    /** Answers nobody any more; watches end without a word. */
    public void goAway() {
        if (!isAway) {
            isAway = true;
            server.close();
            synchronized (lock) {
                watchers.clear();
            }
        }
    }

    /** Answers again, on the port it had. */
    public void comeBack() {
        if (isAway) {
            server = serve();
            isAway = false;
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
        synchronized (lock) {
            watchers.forEach(StreamObserver::onCompleted);
            watchers.clear();
        }
        if (!isAway) {
            server.close();
        }
    }

    private final class Service extends ModelRegistryServiceImplBase {
        @Override
        public void watchReleases(WatchReleasesRequest request, StreamObserver<WatchReleasesResponse> responses) {
            synchronized (lock) {
                responses.onNext(newest);
                watchers.add(responses);
            }
        }

        @Override
        public void downloadPackage(DownloadPackageRequest request, StreamObserver<DownloadPackageResponse> responses) {
            Published published = packages.get(request.getVersion());
            if (published == null) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            byte[] bytes = published.bytes();
            for (int from = 0; from < bytes.length; from += CHUNK_BYTES) {
                int count = Math.min(CHUNK_BYTES, bytes.length - from);
                responses.onNext(DownloadPackageResponse.newBuilder()
                        .setChunk(UnsafeByteOperations.unsafeWrap(bytes, from, count))
                        .build());
            }
            responses.onCompleted();
        }
    }
}
