package io.foresell.kit.frame;

import io.grpc.ServerCredentials;
import io.grpc.internal.ObjectPool;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.concurrent.Executor;

/** Puts a {@link FrameGuard} before each connection of a server. */
public final class GuardedCredentials {
    private GuardedCredentials() {}

    /**
     * Returns credentials that do the same and guard what comes over them.
     *
     * @param door asked for every call
     */
    public static ServerCredentials of(ServerCredentials credentials, Door door) {
        InternalProtocolNegotiator.ServerFactory factory = InternalNettyServerCredentials.toNegotiator(credentials);
        return InternalNettyServerCredentials.create(new Guarding(factory, door));
    }

    private record Guarding(InternalProtocolNegotiator.ServerFactory factory, Door door)
            implements InternalProtocolNegotiator.ServerFactory {
        @Override
        public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator(ObjectPool<? extends Executor> offloads) {
            return new Negotiator(factory.newNegotiator(offloads), door);
        }
    }

    private record Negotiator(InternalProtocolNegotiator.ProtocolNegotiator negotiator, Door door)
            implements InternalProtocolNegotiator.ProtocolNegotiator {
        @Override
        public AsciiString scheme() {
            return negotiator.scheme();
        }

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler connection) {
            FrameGuard.before(connection, door);
            return negotiator.newHandler(connection);
        }

        @Override
        public void close() {
            negotiator.close();
        }
    }
}
