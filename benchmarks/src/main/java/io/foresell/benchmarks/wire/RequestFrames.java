package io.foresell.benchmarks.wire;

import io.foresell.benchmarks.load.Subject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The bytes of a connection's calls (RFC 9113, 7541). As callers do, the first call puts its headers into the table that both sides keep
 * and the others point to them; the timeout, which callers of gRPC compute anew for each call, is spelt out each time.
 */
final class RequestFrames {
    static final int FRAME_HEAD = 9;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY = 0x20;

    /** What we allow to be sent to us without a word from us. */
    static final int WINDOW = 1 << 30;

    /** What may be sent on a connection before the peer allows more. */
    static final int DEFAULT_WINDOW = 65_535;

    private static final int MAX_FRAME = 16_384; // unless the peer takes more
    private static final int MAX_MESSAGE =
            60_000; // within the window every stream begins with, whatever the peer allows
    private static final int PREFIX = 5; // of a message: whether it is compressed, and its length
    private static final int HEADER_TABLE_SIZE = 1; // identifiers of settings
    private static final int ENABLE_PUSH = 2;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int STATIC_ENTRIES = 61;
    private static final int INDEXED = 0x80; // forms of header fields, RFC 7541 section 6
    private static final int TO_TABLE = 0x40;
    private static final int PATH = 4; // indexes in the static table
    private static final int AUTHORITY = 1;
    private static final int CONTENT_TYPE = 31;
    private static final int USER_AGENT = 58;
    private static final int METHOD_POST = 3;
    private static final int SCHEME_HTTP = 6;
    private static final String TIMEOUT = "%dS".formatted(Subject.MAX_CALL_SECONDS);

    private final byte[] first;
    private final List<byte[]> later;
    private final List<Integer> messageBytes;

    /** Makes the frames of calls with these messages in turn. */
    RequestFrames(String authority, String path, List<byte[]> messages) {
        byte[] block = laterBlock();
        first = frames(firstBlock(authority, path), prefixed(messages.get(0)));
        later = messages.stream()
                .map(message -> frames(block, prefixed(message)))
                .toList();
        messageBytes = messages.stream().map(message -> PREFIX + message.length).toList();
    }

    private static byte[] prefixed(byte[] message) {
        if (message.length > MAX_MESSAGE) {
            throw new IllegalArgumentException(
                    "request: %d bytes (expected: at most %d)".formatted(message.length, MAX_MESSAGE));
        }
        return ByteBuffer.allocate(PREFIX + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /** Returns what opens a connection. The peer's table of headers is left empty, so that equal answers are equal bytes. */
    static byte[] preface() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(settings(Map.of(HEADER_TABLE_SIZE, 0, ENABLE_PUSH, 0, INITIAL_WINDOW_SIZE, WINDOW)));
        out.writeBytes(frame(
                WINDOW_UPDATE,
                0,
                0,
                ByteBuffer.allocate(4).putInt(WINDOW - DEFAULT_WINDOW).array()));
        return out.toByteArray();
    }

    private static byte[] settings(Map<Integer, Integer> values) {
        ByteBuffer payload = ByteBuffer.allocate(6 * values.size());
        values.forEach(
                (name, value) -> payload.putShort((short) name.intValue()).putInt(value));
        return frame(SETTINGS, 0, 0, payload.array());
    }

    static byte[] frame(int type, int flags, int streamId, byte[] payload) {
        return ByteBuffer.allocate(FRAME_HEAD + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(streamId)
                .put(payload)
                .array();
    }

    /** Returns the bytes of a call's message with its prefix, which count against the peer's window. */
    int messageBytes(int streamId) {
        return messageBytes.get(turn(streamId));
    }

    /** Returns the bytes of a call's frames. */
    int bytes(int streamId) {
        return frames(streamId).length;
    }

    /** Writes a call's frames. */
    void write(int streamId, ByteBuffer out) {
        int frame = out.position();
        out.put(frames(streamId));
        while (frame < out.position()) {
            out.putInt(frame + 5, streamId);
            frame += FRAME_HEAD + (out.getInt(frame) >>> 8);
        }
    }

    private byte[] frames(int streamId) {
        return streamId == 1 ? first : later.get(turn(streamId));
    }

    private int turn(int streamId) {
        return (streamId >> 1) % later.size();
    }

    private static byte[] frames(byte[] block, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(frame(HEADERS, END_HEADERS, 0, block));
        for (int start = 0; start < data.length; start += MAX_FRAME) {
            int end = Math.min(data.length, start + MAX_FRAME);
            out.writeBytes(frame(DATA, end == data.length ? END_STREAM : 0, 0, Arrays.copyOfRange(data, start, end)));
        }
        return out.toByteArray();
    }

    private static byte[] firstBlock(String authority, String path) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(INDEXED | METHOD_POST);
        block.write(INDEXED | SCHEME_HTTP);
        field(block, TO_TABLE | PATH, path);
        field(block, TO_TABLE | AUTHORITY, authority);
        field(block, TO_TABLE | CONTENT_TYPE, "application/grpc");
        field(block, TO_TABLE, "te", "trailers");
        field(block, TO_TABLE | USER_AGENT, "foresell-benchmarks");
        field(block, TO_TABLE, "grpc-timeout", TIMEOUT);
        return block.toByteArray();
    }

    private static byte[] laterBlock() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(INDEXED | METHOD_POST);
        block.write(INDEXED | SCHEME_HTTP);
        int newest = STATIC_ENTRIES + 1; // the timeout; the one before it is one more
        for (int index : List.of(newest + 5, newest + 4, newest + 3, newest + 2, newest + 1)) {
            block.write(INDEXED | index);
        }
        block.write(0x0f); // not to the table; the name's index in what follows, less 15
        block.write(newest - 15);
        text(block, TIMEOUT);
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, int nameOrForm, String... texts) {
        block.write(nameOrForm);
        for (String text : texts) {
            text(block, text);
        }
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 126) {
            throw new IllegalArgumentException("'%s' (expected: at most 126 characters)".formatted(text));
        }
        block.write(bytes.length);
        block.writeBytes(bytes);
    }
}
