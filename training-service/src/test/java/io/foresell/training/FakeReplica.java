package io.foresell.training;

import io.foresell.proto.inference.v1.Bin;
import io.foresell.proto.inference.v1.DecisionDiff;
import io.foresell.proto.inference.v1.Distribution;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.GetReleaseStatisticsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.foresell.proto.inference.v1.ReleaseWindow;
import io.foresell.proto.inference.v1.ServedModel;
import io.foresell.proto.inference.v1.SliceDiff;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A replica of inference on a real socket that serves whatever the registry says and has counted what the test says. */
final class FakeReplica extends ReleaseStatisticsServiceGrpc.ReleaseStatisticsServiceImplBase implements AutoCloseable {
    private static final int CALLS = 20_000;

    /** Digests by model@version. */
    final Map<String, String> digests = new ConcurrentHashMap<>();

    volatile Function<String, Release> releases = model -> Release.getDefaultInstance();
    /** Of the 20,000 calls of each version, those of the newest version that failed. */
    volatile int errors;

    /** Of its calls those that a lower rung answered. */
    volatile int degraded;
    /** The version whose rows shadows score. */
    volatile int champion = 1;
    /** How far the scores of the newest version are moved up. */
    volatile double drift;
    /** Says that the newest version could not be loaded. */
    volatile boolean isRefusing;

    private final Server server;

    FakeReplica() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "localhost:" + server.getPort();
    }

    @Override
    public void getReleaseStatistics(
            GetReleaseStatisticsRequest request, StreamObserver<GetReleaseStatisticsResponse> caller) {
        Release release = releases.apply(request.getModel());
        int newest = release.getRoutesList().stream()
                .mapToInt(Route::getVersion)
                .max()
                .orElse(0);
        ServedModel.Builder served = ServedModel.newBuilder().setModel(request.getModel());
        if (isRefusing && newest > 1) {
            served.setReleaseRevision(release.getRevision() - 1);
            served.addPendingBuilder()
                    .setVersion(newest)
                    .setState(LoadState.LOAD_STATE_FAILED)
                    .setFailure("release %d: GOLDEN_ROWS_DIFFER".formatted(release.getRevision()));
        } else {
            served.setReleaseRevision(release.getRevision());
            ReleaseWindow.Builder window = served.addWindowsBuilder().setReleaseRevision(release.getRevision());
            for (Route route : release.getRoutesList()) {
                String digest =
                        digests.getOrDefault("%s@%d".formatted(request.getModel(), route.getVersion()), "unknown");
                served.addVersionsBuilder()
                        .setVersion(route.getVersion())
                        .setDigest(digest)
                        .setWeight(route.getWeight())
                        .setShadowPercent(route.getShadowPercent());
                count(window, route, newest);
            }
        }
        caller.onNext(GetReleaseStatisticsResponse.newBuilder()
                .setInstanceId("00000000000000f%d".formatted(server.getPort() % 10))
                .setIsRegistryConnected(true)
                .addModels(served)
                .build());
        caller.onCompleted();
    }

    private void count(ReleaseWindow.Builder window, Route route, int newest) {
        boolean isNewest = route.getVersion() == newest;
        if (route.getShadowPercent() > 0) {
            DecisionDiff.Builder diff = window.addDiffsBuilder()
                    .setChampionVersion(champion)
                    .setShadowVersion(route.getVersion())
                    .setRowCount(CALLS);
            diff.addSlices(SliceDiff.newBuilder().setChampionScores(scores(0)).setShadowScores(scores(drift)));
            return;
        }
        var counts = window.addVersionsBuilder()
                .setVersion(route.getVersion())
                .setWeight(route.getWeight())
                .setCallCount(CALLS)
                .setRowCount(CALLS)
                .setScores(scores(isNewest ? drift : 0))
                .setLatencySeconds(
                        Distribution.newBuilder().setCount(CALLS).addBins(bin(0.001, 0.001 + 1.0 / 32_768, CALLS)));
        if (isNewest && degraded > 0) {
            counts.setCallCount(CALLS - degraded).setDegradedCallCount(degraded);
        }
        if (isNewest && errors > 0) {
            counts.setCallCount(CALLS - errors).putErrorCounts("INTERNAL", errors);
        }
    }

    /** Evenly spread between 1/2 and 1 in the bins that replicas use, or moved to the upper end. */
    private static Distribution scores(double moved) {
        Distribution.Builder scores = Distribution.newBuilder().setCount(CALLS);
        int from = (int) (32 * moved);
        for (int i = from; i < 32; i++) {
            scores.addBins(bin(0.5 + i / 64.0, 0.5 + (i + 1) / 64.0, CALLS / (32 - from)));
        }
        return scores.build();
    }

    private static Bin bin(double low, double high, long count) {
        return Bin.newBuilder().setLow(low).setHigh(high).setCount(count).build();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
