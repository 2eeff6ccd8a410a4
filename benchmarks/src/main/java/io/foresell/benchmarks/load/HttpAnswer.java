package io.foresell.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The bytes of one HTTP/1.1 answer as they come, and whether it is whole: RFC 9112, sections 6 and 7. Used by one thread. */
final class HttpAnswer {
    private static final int MAX_BYTES = 64 << 20;
    private static final int SHOWN_BYTES = 200;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private byte[] bytes = new byte[4096];
    private int count;
    private int bodyStart; // 0 until the head is whole
    private int status;
    private long contentLength;
    private boolean isChunked;
    private boolean isLast; // of its connection

    /** Makes room for the next answer. */
    void clear() {
        count = 0;
        bodyStart = 0;
        status = 0;
        contentLength = 0;
        isChunked = false;
        isLast = false;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Takes bytes that came. */
    void take(ByteBuffer more) {
        if (count + more.remaining() > MAX_BYTES) {
            throw new IllegalStateException("answer: more than %d bytes (expected: less)".formatted(MAX_BYTES));
        }
        if (count + more.remaining() > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, count + more.remaining()));
        }
        int length = more.remaining();
        more.get(bytes, count, length);
        count += length;
    }

    /** Returns whether head and body are whole. */
    boolean isWhole() {
        if (bodyStart == 0 && !readHead()) {
            return false;
        }
        return isChunked ? areChunksWhole() : count - bodyStart >= contentLength;
    }

    private boolean readHead() {
        int end = indexOf(END_OF_HEAD, 0);
        if (end < 0) {
            return false;
        }
        String[] lines = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        status = Integer.parseInt(lines[0].substring(9, 12));
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = colon < 0 ? "" : lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            String value = lines[i].substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            switch (name) {
                case "content-length" -> contentLength = Long.parseLong(value);
                case "transfer-encoding" -> isChunked = value.endsWith("chunked");
                case "connection" -> isLast = value.equals("close");
                default -> {} // says nothing about the length
            }
        }
        bodyStart = end + END_OF_HEAD.length;
        return true;
    }

    /** Each chunk is its size in hex, a line's end, so many bytes and a line's end; the last one has none. */
    private boolean areChunksWhole() {
        int at = bodyStart;
        while (true) {
            int lineEnd = indexOf(new byte[] {'\r', '\n'}, at);
            if (lineEnd < 0) {
                return false;
            }
            String size = new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1);
            int extension = size.indexOf(';');
            int length = Integer.parseInt((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            at = lineEnd + 2 + length + 2;
            if (at > count) {
                return false;
            }
            if (length == 0) {
                return true;
            }
        }
    }

    private int indexOf(byte[] wanted, int from) {
        for (int at = from; at + wanted.length <= count; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    /** Returns the status once the head is whole. */
    int status() {
        return status;
    }

    /** Returns whether the server will close the connection. */
    boolean isLast() {
        return isLast;
    }

    /** Returns the beginning of the body, for messages. */
    String shown() {
        return new String(bytes, bodyStart, Math.min(SHOWN_BYTES, count - bodyStart), StandardCharsets.UTF_8);
    }
}
