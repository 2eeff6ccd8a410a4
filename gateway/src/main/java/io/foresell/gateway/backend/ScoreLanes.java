package io.foresell.gateway.backend;

import com.google.common.util.concurrent.ListenableFuture;
import io.foresell.gateway.config.GatewayConfig;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.impl.ContextInternal;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lane of each network thread. Thread-safe. */
@ApplicationScoped
class ScoreLanes {
    private static final int MAX_MESSAGE_BYTES = 16 << 20; // as of Quarkus' channel
    private static final int KEEP_ALIVE_SECONDS = 10; // the least that gRPC takes
    private static final int KEEP_ALIVE_TIMEOUT_SECONDS = 3;

    private final Map<EventLoop, ScoreLane> lanes = new ConcurrentHashMap<>();
    private final GatewayConfig.Target target;
    private final ServiceTls tls;

    ScoreLanes(GatewayConfig config, ServiceTls tls) {
        this.target = config.inference();
        this.tls = tls;
    }

    /** Scores on the lane of the calling thread; on a thread that has none, by a call of its own. */
    ListenableFuture<ScoreResponse> score(
            ScoreRequest request,
            String authorization,
            long untilNanos,
            Supplier<ListenableFuture<ScoreResponse>> call) {
        @Nullable ContextInternal context = ContextInternal.current();
        if (context == null || !context.inThread() || !context.isEventLoopContext()) {
            return call.get();
        }
        return lanes.computeIfAbsent(context.nettyEventLoop(), this::open)
                .score(request, authorization, untilNanos, call);
    }

    private ScoreLane open(EventLoop thread) {
        NettyChannelBuilder builder =
                builder(target.host(), target.port(), thread).usePlaintext();
        tls.secure(builder);
        return new ScoreLane(thread, builder.build());
    }

    /** Connections that nobody answers are given up: a machine that vanished says nothing any more. Quarkus' channels do the same. */
    static NettyChannelBuilder builder(String host, int port, EventLoop thread) {
        return NettyChannelBuilder.forAddress(host, port)
                .eventLoopGroup(thread)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .defaultLoadBalancingPolicy("round_robin") // a name with several addresses is several replicas
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @PreDestroy
    void close() {
        lanes.values().forEach(ScoreLane::close);
    }
}
