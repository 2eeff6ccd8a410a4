package io.foresell.benchmarks.wire;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.buffer.Unpooled;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of HTTP/2, used by one thread. Calls above what the server admits at once wait here. */
final class WireConnection implements AutoCloseable {
    private static final int WRITE_BYTES = 64 << 10;
    private static final int READ_BYTES = 256 << 10;
    private static final int CONNECT_MILLIS = 5000;
    private static final int MAX_CONCURRENT_STREAMS = 3; // identifier of a setting

    private final SocketChannel channel;
    private final RequestFrames frames;
    private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);
    private final ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
    private final Queue<CompletableFuture<Reply>> waiting = new ArrayDeque<>();
    private final OpenCalls open = new OpenCalls();
    private int nextStreamId = 1;
    private long sendWindow = RequestFrames.DEFAULT_WINDOW;
    private long streamLimit = Integer.MAX_VALUE;
    private long unacknowledged; // bytes of answers the server has not been given back as window
    private byte[] okBlock = new byte[0]; // the trailers of a call that was answered, once seen

    WireConnection(InetSocketAddress server, RequestFrames frames) throws IOException {
        this.frames = frames;
        channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, CONNECT_MILLIS);
            channel.configureBlocking(false);
            out.put(RequestFrames.preface());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    CompletableFuture<Reply> call() throws IOException {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        waiting.add(reply);
        send();
        return reply;
    }

    private void send() throws IOException {
        while (!waiting.isEmpty() && open.count() < streamLimit && sendWindow >= frames.messageBytes(nextStreamId)) {
            int bytes = frames.bytes(nextStreamId);
            if (out.remaining() < bytes && !flushed(bytes)) {
                return;
            }
            frames.write(nextStreamId, out);
            sendWindow -= frames.messageBytes(nextStreamId);
            open.add(nextStreamId, waiting.remove());
            nextStreamId += 2;
        }
    }

    /** Writes what the socket takes; returns whether there is room for so many bytes. */
    private boolean flushed(int bytes) throws IOException {
        out.flip();
        try {
            channel.write(out);
        } finally {
            out.compact();
        }
        return out.remaining() >= bytes;
    }

    /**
     * Writes and reads what there is.
     *
     * @return whether anything came
     * @throws IOException when the connection is no more
     */
    boolean exchange() throws IOException {
        send();
        if (out.position() > 0) {
            flushed(0);
        }
        int count = channel.read(in);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (count == 0) {
            return false;
        }
        in.flip();
        while (in.remaining() >= RequestFrames.FRAME_HEAD) {
            int length = in.getInt(in.position()) >>> 8;
            if (in.remaining() < RequestFrames.FRAME_HEAD + length) {
                break;
            }
            int end = in.position() + RequestFrames.FRAME_HEAD + length;
            take(length);
            in.position(end);
        }
        in.compact();
        if (!in.hasRemaining()) {
            throw new IOException("a frame above %d bytes".formatted(READ_BYTES));
        }
        return true;
    }

    private void take(int length) throws IOException {
        int type = in.getInt() & 0xff;
        int flags = in.get() & 0xff;
        int streamId = in.getInt() & Integer.MAX_VALUE;
        switch (type) {
            case RequestFrames.DATA -> credit(length);
            case RequestFrames.HEADERS -> headers(flags, streamId, length);
            case RequestFrames.RST_STREAM -> open.end(streamId, Reply.failed("stream ended by code " + in.getInt()));
            case RequestFrames.SETTINGS -> settings(flags, length);
            case RequestFrames.PING -> ping(flags);
            case RequestFrames.WINDOW_UPDATE -> sendWindow += streamId == 0 ? in.getInt() : 0;
            case RequestFrames.GOAWAY -> throw new EOFException("the server goes away");
            case RequestFrames.CONTINUATION -> throw new IOException("headers in several frames");
            default -> {} // nothing else matters to a caller
        }
    }

    private void credit(int length) throws IOException {
        unacknowledged += length;
        if (unacknowledged > RequestFrames.WINDOW / 2) {
            int bytes = Math.toIntExact(unacknowledged);
            unacknowledged = 0;
            byte[] grant = ByteBuffer.allocate(4).putInt(bytes).array();
            put(RequestFrames.frame(RequestFrames.WINDOW_UPDATE, 0, 0, grant));
        }
    }

    private void settings(int flags, int length) throws IOException {
        if ((flags & RequestFrames.ACK) != 0) {
            return;
        }
        for (int i = 0; i < length; i += 6) {
            int name = in.getShort();
            long value = in.getInt() & 0xffff_ffffL;
            if (name == MAX_CONCURRENT_STREAMS) {
                streamLimit = value;
            }
        }
        put(RequestFrames.frame(RequestFrames.SETTINGS, RequestFrames.ACK, 0, new byte[0]));
    }

    private void ping(int flags) throws IOException {
        if ((flags & RequestFrames.ACK) == 0) {
            byte[] opaque = new byte[8];
            in.get(opaque);
            put(RequestFrames.frame(RequestFrames.PING, RequestFrames.ACK, 0, opaque));
        }
    }

    private void put(byte[] frame) throws IOException {
        if (out.remaining() < frame.length && !flushed(frame.length)) {
            throw new IOException("the server reads nothing");
        }
        out.put(frame);
    }

    /** Headers before an answer say nothing of its outcome; the last ones do. */
    private void headers(int flags, int streamId, int length) throws IOException {
        if ((flags & RequestFrames.END_STREAM) == 0) {
            return;
        }
        byte[] block = block(flags, length);
        if (Arrays.equals(block, okBlock)) {
            open.end(streamId, Reply.ANSWERED);
            return;
        }
        Reply reply = outcome(streamId, block);
        if (reply.outcome() == Reply.Outcome.ANSWERED) {
            okBlock = block;
        }
        open.end(streamId, reply);
    }

    private byte[] block(int flags, int length) throws IOException {
        boolean isPadded = (flags & RequestFrames.PADDED) != 0;
        int padding = isPadded ? in.get() & 0xff : 0;
        int skipped = (flags & RequestFrames.PRIORITY) != 0 ? 5 : 0;
        in.position(in.position() + skipped);
        byte[] block = new byte[length - (isPadded ? 1 : 0) - skipped - padding];
        in.get(block);
        return block;
    }

    private Reply outcome(int streamId, byte[] block) throws IOException {
        Http2Headers read;
        try {
            read = headers.decodeHeaders(streamId, Unpooled.wrappedBuffer(block));
        } catch (Http2Exception e) {
            throw new IOException("trailers: " + e.getMessage(), e);
        }
        CharSequence status = read.get("grpc-status");
        CharSequence message = read.get("grpc-message");
        if (status == null) {
            return Reply.failed("no grpc-status");
        }
        Status.Code code =
                Status.fromCodeValue(Integer.parseInt(status.toString())).getCode();
        String cause = code + ": " + message;
        return switch (code) {
            case OK -> Reply.ANSWERED;
            case RESOURCE_EXHAUSTED -> Reply.refused(cause);
            default -> Reply.failed(cause);
        };
    }

    /** Ends calls that wait for longer than any may. */
    void sweep() {
        open.endOlderThan(
                TimeUnit.SECONDS.toNanos(Subject.MAX_CALL_SECONDS),
                Reply.failed("no answer within %d s".formatted(Subject.MAX_CALL_SECONDS)));
    }

    /** Ends the connection and with it every call of it. */
    void fail(String cause) {
        close();
        Reply failed = Reply.failed(cause);
        open.endOlderThan(0, failed);
        for (CompletableFuture<Reply> call = waiting.poll(); call != null; call = waiting.poll()) {
            call.complete(failed);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
    }

    /** Calls by stream, in a ring that grows: streams are numbered in order. */
    private static final class OpenCalls {
        private static final int FIRST_PLACES = 1024;

        private @Nullable CompletableFuture<Reply>[] replies = array(FIRST_PLACES);
        private long[] startNanos = new long[FIRST_PLACES];
        private int[] streamIds = new int[FIRST_PLACES];
        private int count;

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static @Nullable CompletableFuture<Reply>[] array(int places) {
            return new CompletableFuture[places];
        }

        int count() {
            return count;
        }

        void add(int streamId, CompletableFuture<Reply> reply) {
            while (replies[place(streamId)] != null) {
                grow();
            }
            put(streamId, reply, System.nanoTime());
            count++;
        }

        private void put(int streamId, CompletableFuture<Reply> reply, long start) {
            int place = place(streamId);
            replies[place] = reply;
            startNanos[place] = start;
            streamIds[place] = streamId;
        }

        private int place(int streamId) {
            return streamId >> 1 & replies.length - 1;
        }

        private void grow() {
            @Nullable CompletableFuture<Reply>[] before = replies;
            long[] starts = startNanos;
            int[] ids = streamIds;
            replies = array(2 * before.length);
            startNanos = new long[replies.length];
            streamIds = new int[replies.length];
            for (int i = 0; i < before.length; i++) {
                CompletableFuture<Reply> reply = before[i];
                if (reply != null) {
                    put(ids[i], reply, starts[i]);
                }
            }
        }

        /** Ends a call; one that has ended already, or was given up, is no more. */
        void end(int streamId, Reply outcome) {
            int place = place(streamId);
            CompletableFuture<Reply> reply = replies[place];
            if (reply != null && streamIds[place] == streamId) {
                replies[place] = null;
                count--;
                reply.complete(outcome);
            }
        }

        void endOlderThan(long nanos, Reply outcome) {
            long now = System.nanoTime();
            for (int i = 0; i < replies.length; i++) {
                if (replies[i] != null && now - startNanos[i] >= nanos) {
                    end(streamIds[i], outcome);
                }
            }
        }
    }
}
