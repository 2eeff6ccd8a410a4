package io.foresell.standalone.fuzz;

import io.grpc.netty.shaded.io.netty.bootstrap.Bootstrap;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2DataFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2HeadersFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ResetFrame;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A caller that may break every rule of gRPC but those of HTTP/2 frames. It takes headers up to 8 KiB, as gRPC's own callers do unless they
 * are told otherwise.
 */
final class GrpcWire implements AutoCloseable {
    private static final int MAX_ANSWER_HEADER_BYTES = 8192;

    private final EventLoopGroup loop = new NioEventLoopGroup(1);
    private final int port;
    private Channel connection;

    GrpcWire(int port) {
        this.port = port;
    }

    /** A request: pseudo headers among the headers; null data sends headers that end the stream. */
    @SuppressWarnings("ArrayRecordComponent") // made and read, never compared
    record Call(List<Map.Entry<String, String>> headers, byte[] data) {
        String path() {
            return headers.stream()
                    .filter(header -> header.getKey().equals(":path"))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse("");
        }
    }

    /**
     * What came back.
     *
     * @param httpStatus 0 when no headers came
     * @param code the status of gRPC, -1 when there was none
     * @param broken how the stream ended when not by trailers; empty otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // made and read, never compared
    record Answer(int httpStatus, int code, String message, String details, byte[] data, String broken) {}

    Answer call(Call call) throws Exception {
        if (connection == null || !connection.isActive()) {
            connection = connect();
        }
        Answering answering = new Answering();
        Channel stream;
        try {
            stream = new Http2StreamChannelBootstrap(connection)
                    .handler(answering)
                    .open()
                    .get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            disconnect();
            return new Answer(0, -1, "", "", new byte[0], "connection ended: " + e.getCause());
        }
        Http2Headers headers = new DefaultHttp2Headers(false);
        call.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
        var unused1 = stream.write(new DefaultHttp2HeadersFrame(headers, call.data() == null));
        if (call.data() != null) {
            var unused2 = stream.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(call.data()), true));
        }
        stream.flush();
        try {
            return answering.answer.get(30, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return new Answer(0, -1, "", "", new byte[0], "nothing within 30 s");
        } finally {
            var unused3 = stream.close();
        }
    }

    /** Closes the connection; the next call opens another. */
    void disconnect() {
        if (connection != null) {
            var unused4 = connection.close();
            connection = null;
        }
    }

    private Channel connect() throws InterruptedException {
        Http2Settings settings = Http2Settings.defaultSettings().maxHeaderListSize(MAX_ANSWER_HEADER_BYTES);
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forClient()
                                                .validateHeaders(false)
                                                .encoderIgnoreMaxHeaderListSize(true)
                                                .initialSettings(settings)
                                                .build(),
                                        new Http2MultiplexHandler(new Refusing()),
                                        new Connection());
                    }
                })
                .connect("localhost", port)
                .sync()
                .channel();
    }

    @Override
    public void close() {
        disconnect();
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** The server opens no streams. */
    @ChannelHandler.Sharable
    private static final class Refusing extends ChannelInboundHandlerAdapter {}

    private static final class Connection extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            boolean isLast = frame instanceof Http2GoAwayFrame;
            ReferenceCountUtil.release(frame);
            if (isLast) {
                var unused5 = context.close();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused6 = context.close();
        }
    }

    private static final class Answering extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final ByteArrayOutputStream data = new ByteArrayOutputStream();
        private int httpStatus;
        private int code = -1;
        private String message = "";
        private String details = "";

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            if (frame instanceof Http2HeadersFrame headers) {
                read(headers.headers());
                if (headers.isEndStream()) {
                    end("");
                }
            } else if (frame instanceof Http2DataFrame part) {
                byte[] bytes = new byte[part.content().readableBytes()];
                part.content().readBytes(bytes);
                data.writeBytes(bytes);
                if (part.isEndStream()) {
                    end("");
                }
            } else if (frame instanceof Http2ResetFrame reset) {
                end("reset " + reset.errorCode());
            }
            ReferenceCountUtil.release(frame);
        }

        private void read(Http2Headers headers) {
            if (headers.status() != null) {
                httpStatus = Integer.parseInt(headers.status().toString());
            }
            if (headers.get("grpc-status") != null) {
                code = Integer.parseInt(headers.get("grpc-status").toString());
            }
            if (headers.get("grpc-message") != null) {
                message = URLDecoder.decode(
                        headers.get("grpc-message").toString().replace("+", "%2B"), StandardCharsets.UTF_8);
            }
            if (headers.get("grpc-status-details-bin") != null) {
                String text = headers.get("grpc-status-details-bin").toString();
                details = new String(java.util.Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            }
        }

        private void end(String broken) {
            answer.complete(new Answer(httpStatus, code, message, details, data.toByteArray(), broken));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                end("reset " + reset.errorCode());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            end("exception " + cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end("connection closed");
        }
    }
}
