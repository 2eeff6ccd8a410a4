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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The lane of each network thread. Thread-safe. */
@ApplicationScoped
class ScoreLanes {
    private static final int MAX_MESSAGE_BYTES = 16 << 20; // as of Quarkus' channel

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
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(target.host(), target.port())
                .eventLoopGroup(thread)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .defaultLoadBalancingPolicy("round_robin") // a name with several addresses is several replicas
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .usePlaintext();
        tls.secure(builder);
        return new ScoreLane(thread, builder.build());
    }

    @PreDestroy
    void close() {
        lanes.values().forEach(ScoreLane::close);
    }
}
