package io.foresell.kit;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.CompositeChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A channel to another service: every call has a deadline, trace context and token go along, round robin over addresses. */
public final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;

    private GrpcClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens a channel without connecting yet.
     *
     * @param target {@code host:port} or {@code dns:///host:port}
     */
    public static GrpcClient open(String target, WireSettings wire, Telemetry telemetry) {
        return opened(NettyChannelBuilder.forTarget(target, credentials(wire)), wire, telemetry);
    }

    /**
     * Opens a channel to one address of a name.
     *
     * @param address {@code host:port} to connect to
     * @param host the name that the server's certificate must have
     */
    public static GrpcClient open(String address, String host, WireSettings wire, Telemetry telemetry) {
        return opened(
                NettyChannelBuilder.forTarget(address, credentials(wire)).overrideAuthority(host), wire, telemetry);
    }

    private static GrpcClient opened(NettyChannelBuilder builder, WireSettings wire, Telemetry telemetry) {
        ManagedChannel channel = builder.defaultLoadBalancingPolicy("round_robin")
                .maxInboundMessageSize(wire.maxMessageBytes())
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .intercept(
                        new DefaultDeadline(wire.callTimeout()),
                        new SendToken(wire.token()),
                        telemetry.grpc().createClientInterceptor())
                .build();
        return new GrpcClient(channel);
    }

    private static ChannelCredentials credentials(WireSettings wire) {
        if (wire.tls().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        WireSettings.Tls tls = wire.tls().get();
        try {
            return CompositeChannelCredentials.create(
                    TlsChannelCredentials.newBuilder()
                            .keyManager(
                                    tls.certificateChain().toFile(),
                                    tls.privateKey().toFile())
                            .trustManager(tls.trust().toFile())
                            .build(),
                    TokenAuth.credentials(wire.token()));
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "CERTIFICATE_UNREADABLE",
                            "tls: %s (expected: readable PEM files)".formatted(e.getMessage())),
                    e);
        }
    }

    public Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(2, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException e) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Sends the token with every call, on plain text and TLS alike. */
    private record SendToken(String token) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            return next.newCall(
                    method, token.isEmpty() ? options : options.withCallCredentials(TokenAuth.credentials(token)));
        }
    }

    /** Gives a deadline to calls that have none; long streams set their own. */
    private record DefaultDeadline(Duration timeout) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            boolean isMissing = options.getDeadline() == null;
            return next.newCall(
                    method, isMissing ? options.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS) : options);
        }
    }
}
