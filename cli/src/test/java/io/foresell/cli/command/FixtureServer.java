package io.foresell.cli.command;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** All services behind one real socket, small enough to know every answer by heart; failures travel as in production. */
final class FixtureServer implements AutoCloseable {
    static final byte[] PACKAGE =
            "a package of the fixture".repeat(100_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);

    final FixtureFeatureStore store = new FixtureFeatureStore();
    final FixtureTraining training = new FixtureTraining();
    final FixtureRegistry registry = new FixtureRegistry();
    final FixtureInference inference = new FixtureInference(registry);
    final FixtureRollouts rollouts = new FixtureRollouts();
    final FixturePredictions predictions = new FixturePredictions();
    final FixtureErasures erasures = new FixtureErasures();
    volatile String lastToken = "";
    private final Server server;

    FixtureServer() {
        HealthStatusManager health = new HealthStatusManager();
        health.setStatus("", ServingStatus.SERVING);
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(health.getHealthService())
                    .addService(store)
                    .addService(training)
                    .addService(registry)
                    .addService(inference)
                    .addService(rollouts)
                    .addService(predictions)
                    .addService(erasures)
                    .addService(predictions.new Replays())
                    .intercept(new io.grpc.ServerInterceptor() {
                        @Override
                        public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                                io.grpc.ServerCall<Q, A> call,
                                io.grpc.Metadata headers,
                                io.grpc.ServerCallHandler<Q, A> next) {
                            String token = headers.get(
                                    io.grpc.Metadata.Key.of("authorization", io.grpc.Metadata.ASCII_STRING_MARSHALLER));
                            lastToken = token == null ? "" : token;
                            return next.startCall(call, headers);
                        }
                    })
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
    public void close() {
        server.shutdownNow();
    }

    static <A> void answer(StreamObserver<A> observer, java.util.function.Supplier<A> work) {
        try {
            observer.onNext(work.get());
            observer.onCompleted();
        } catch (ServiceException e) {
            observer.onError(FailureStatus.toStatus(e, "fixture"));
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
