package io.foresell.kit.frame;

import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Answers what is no call of gRPC. gRPC itself would call a wrong timeout, a wrong prefix or an unfinished message INTERNAL, which says
 * that the server is broken, and write a stack into its log. Used by one network thread.
 */
final class FrameGuard extends Http2FrameListenerDecorator {
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC_TYPE = AsciiString.cached("application/grpc");
    private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString GRPC_ENCODING = AsciiString.cached("grpc-encoding");

    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey prefixes;
    private final Door door;

    private FrameGuard(Http2ConnectionHandler handler, Http2FrameListener next, Door door) {
        super(next);
        this.door = door;
        this.handler = handler;
        this.connection = handler.connection();
        this.prefixes = connection.newKey();
    }

    static void before(Http2ConnectionHandler handler, Door door) {
        handler.decoder()
                .frameListener(new FrameGuard(handler, handler.decoder().frameListener(), door));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean isExclusive,
            int padding,
            boolean isEnd)
            throws Http2Exception {
        NoCall refusal = CallHeaders.refusal(headers);
        if (refusal != null) {
            refuse(context, connection.stream(streamId), refusal);
            return;
        }
        ReadyAnswer answer = door.turnsAway(new Named(headers));
        if (answer != null) {
            // Not flushed: what was read with it is answered with it.
            connection.stream(streamId).setProperty(prefixes, Prefixes.refused());
            var unused =
                    handler.encoder().writeHeaders(context, streamId, answer.headers(), 0, true, context.newPromise());
            return;
        }
        CharSequence encoding = headers.get(GRPC_ENCODING);
        if (encoding != null) {
            boolean isPlain = AsciiString.contentEquals(encoding, "identity");
            connection.stream(streamId).setProperty(prefixes, new Prefixes(!isPlain));
        }
        super.onHeadersRead(context, streamId, headers, streamDependency, weight, isExclusive, padding, isEnd);
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean isEnd)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        Prefixes known = stream.getProperty(prefixes);
        if (known == null && isEnd && Prefixes.isOnePlainMessage(data)) {
            return super.onDataRead(context, streamId, data, padding, true); // nearly every unary call
        }
        Prefixes read = known == null ? new Prefixes(false) : known;
        if (known == null) {
            stream.setProperty(prefixes, read);
        }
        if (read.isRefused()) {
            return data.readableBytes() + padding; // of a call that was answered
        }
        String wrong = read.wrong(data, isEnd);
        if (wrong == null) {
            return super.onDataRead(context, streamId, data, padding, isEnd);
        }
        refuse(context, stream, new NoCall(200, Status.Code.INVALID_ARGUMENT, wrong));
        return data.readableBytes() + padding;
    }

    private void refuse(ChannelHandlerContext context, Http2Stream stream, NoCall refusal) throws Http2Exception {
        stream.setProperty(prefixes, Prefixes.refused());
        if (!stream.state().localSideOpen()) {
            return; // answered already
        }
        // For gRPC the caller has given up: whatever waits for the rest of the message is cleared away.
        super.onRstStreamRead(context, stream.id(), Http2Error.CANCEL.code());
        Http2Headers answer = new DefaultHttp2Headers(false);
        if (!stream.isHeadersSent()) {
            answer.status(Integer.toString(refusal.httpStatus()));
            answer.set(CONTENT_TYPE, GRPC_TYPE);
        }
        answer.set(GRPC_STATUS, Integer.toString(refusal.code().value()));
        answer.set(GRPC_MESSAGE, refusal.words());
        var unused = handler.encoder().writeHeaders(context, stream.id(), answer, 0, true, context.newPromise());
        handler.flush(context);
    }

    private record Named(Http2Headers headers) implements Door.Headers {
        @Override
        public CharSequence path() {
            return headers.path();
        }

        @Override
        public @Nullable CharSequence get(String name) {
            return headers.get(AsciiString.of(name)); // gRPC's headers know no other kind of names
        }
    }
}
