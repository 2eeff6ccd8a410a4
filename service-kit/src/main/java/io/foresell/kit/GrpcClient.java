package io.foresell.kit;

import io.foresell.kit.rotate.Rotated;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import io.foresell.kit.tls.TlsIdentity;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A channel to another service: every call has a deadline, trace context and token go along, round robin over addresses. */
public final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;
    private final Rotation rotation;

    private GrpcClient(ManagedChannel channel, Rotation rotation) {
        this.channel = channel;
        this.rotation = rotation;
    }

    /**
     * Opens a channel without connecting yet.
     *
     * @param target {@code host:port} or {@code dns:///host:port}
     * @throws ServiceException FAILED_PRECONDITION when certificates or the token cannot be read
     */
    public static GrpcClient open(String target, WireSettings wire, Telemetry telemetry) {
        return open(target, null, wire, telemetry);
    }

    /**
     * Opens a channel to one address of a name.
     *
     * @param address {@code host:port} to connect to
     * @param host the name that the server's certificate must have; null means that of the address
     */
    public static GrpcClient open(String address, @Nullable String host, WireSettings wire, Telemetry telemetry) {
        Rotation rotation = Rotation.every(wire.security().rotation());
        try {
            ManagedChannel channel = channel(address, host, wire, telemetry, rotation);
            telemetry.watch(rotation);
            return new GrpcClient(channel, rotation);
        } catch (UnusableFileException e) {
            rotation.close();
            throw GrpcServer.unusable(e);
        }
    }

    private static ManagedChannel channel(
            String target, @Nullable String host, WireSettings wire, Telemetry telemetry, Rotation rotation)
            throws UnusableFileException {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target, credentials(wire, rotation));
        if (host != null) {
            builder.overrideAuthority(host);
        }
        return builder.defaultLoadBalancingPolicy("round_robin")
                .maxInboundMessageSize(wire.maxMessageBytes())
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .intercept(
                        new DefaultDeadline(wire.callTimeout()),
                        new SendToken(token(wire, rotation)),
                        telemetry.traces().client())
                .build();
    }

    private static ChannelCredentials credentials(WireSettings wire, Rotation rotation) throws UnusableFileException {
        return wire.tls().isEmpty()
                ? InsecureChannelCredentials.create()
                : TlsIdentity.ofClient(wire.tls().get().files(), rotation).client();
    }

    private static Supplier<String> token(WireSettings wire, Rotation rotation) throws UnusableFileException {
        Optional<Path> file = wire.security().tokenFile();
        if (file.isEmpty()) {
            return wire::token;
        }
        Rotated<String> token = Rotated.read("auth.token-file", List.of(file.get()), contents -> {
            String text = new String(contents.get(0), StandardCharsets.UTF_8).strip();
            if (!text.matches("[\\x21-\\x7e]{1,8192}")) {
                throw new UnusableFileException(
                        "auth.token-file: not a token (expected: one line, 1..8192 characters)");
            }
            return text;
        });
        return rotation.add(token, () -> {});
    }

    public Channel channel() {
        return channel;
    }

    @Override
    public void close() {
        rotation.close();
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
    private record SendToken(Supplier<String> token) implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            String now = token.get();
            return next.newCall(
                    method, now.isEmpty() ? options : options.withCallCredentials(TokenAuth.credentials(now)));
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
