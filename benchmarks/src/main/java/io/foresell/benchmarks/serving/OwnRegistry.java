package io.foresell.benchmarks.serving;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A registry of one model in memory: tells releases and hands out packages over the wire, and does nothing that costs time. */
final class OwnRegistry implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int HEARTBEAT_SECONDS = 8; // a watcher expects one every 10
    private static final int KEPT_PACKAGES = 8; // a version is fetched when it is released

    private final String model;
    private final GrpcServer server;
    private final Map<Integer, byte[]> packages = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    private final List<StreamObserver<WatchReleasesResponse>> watchers = new ArrayList<>(); // guarded by lock
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "registry-heartbeat");
        thread.setDaemon(true);
        return thread;
    });
    private WatchReleasesResponse newest = WatchReleasesResponse.getDefaultInstance(); // guarded by lock

    OwnRegistry(String model) {
        this.model = model;
        this.server = GrpcServer.start(
                "registry",
                WireSettings.local(0, 0),
                Telemetry.local("registry"),
                GrpcServer.Threads.POOL,
                List.of(new Service()));
        var unused = heart.scheduleAtFixedRate(
                () -> tell(WatchReleasesResponse.getDefaultInstance()),
                HEARTBEAT_SECONDS,
                HEARTBEAT_SECONDS,
                TimeUnit.SECONDS);
    }

    int port() {
        return server.port();
    }

    /** Publishes a package as a version and releases it with all the weight. */
    void release(int version, byte[] packageBytes) {
        packages.put(version, packageBytes);
        packages.remove(version - KEPT_PACKAGES);
        WatchReleasesResponse message = WatchReleasesResponse.newBuilder()
                .addReleases(Release.newBuilder()
                        .setModel(model)
                        .setRevision(version)
                        .setSalt("salt")
                        .addRoutes(Route.newBuilder().setVersion(version).setWeight(100)))
                .putVersions(
                        model + "@" + version,
                        ReleasedVersion.newBuilder()
                                .setVersion(version)
                                .setDigest(ModelPackage.digestOf(packageBytes))
                                .setPackageBytes(packageBytes.length)
                                .build())
                .setIsComplete(true)
                .build();
        synchronized (lock) {
            newest = message;
        }
        tell(message);
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

    @Override
    public void close() {
        heart.shutdownNow();
        synchronized (lock) {
            watchers.forEach(StreamObserver::onCompleted);
            watchers.clear();
        }
        server.close();
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
            byte[] bytes = packages.get(request.getVersion());
            if (bytes == null) {
                responses.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
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
