package io.foresell.kit.frame;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Follows the messages of one stream: each is one byte of flags, four of its length, and itself. They may be cut anywhere into frames. Used by
 * one network thread.
 */
final class Prefixes {
    private static final int PREFIX_BYTES = 5;
    private static final int FLAG_BYTES = 1;

    private final boolean mayBeCompressed;
    private int prefixBytes; // of the next prefix, so far
    private long length; // of the message, as far as its prefix was read
    private long missingBytes; // of the message
    private boolean isRefused;
    private boolean isTooLong; // which gRPC says itself, and reads no further

    /** @param mayBeCompressed whether the caller named an encoding */
    Prefixes(boolean mayBeCompressed) {
        this.mayBeCompressed = mayBeCompressed;
    }

    /** Returns what stands for a stream that was answered. */
    static Prefixes refused() {
        Prefixes refused = new Prefixes(false);
        refused.isRefused = true;
        return refused;
    }

    /** Returns whether data is exactly one message, not compressed. */
    static boolean isOnePlainMessage(ByteBuf data) {
        int at = data.readerIndex();
        return data.readableBytes() >= PREFIX_BYTES
                && data.getByte(at) == 0
                && data.getInt(at + FLAG_BYTES) == data.readableBytes() - PREFIX_BYTES;
    }

    boolean isRefused() {
        return isRefused;
    }

    /** Follows more data without reading it; returns what is wrong with it, or null. */
    @Nullable
    String wrong(ByteBuf data, boolean isEnd) {
        for (int at = data.readerIndex(); at < data.writerIndex() && !isTooLong; ) {
            if (missingBytes > 0) {
                long step = Math.min(missingBytes, data.writerIndex() - at);
                missingBytes -= step;
                at += (int) step;
            } else {
                String wrong = follow(data.getByte(at++) & 0xFF);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        boolean isCut = isEnd && !isTooLong && (prefixBytes > 0 || missingBytes > 0);
        return isCut
                ? "message: ended %s (expected: all of it)"
                        .formatted(prefixBytes > 0 ? "in its prefix" : missingBytes + " bytes early")
                : null;
    }

    private @Nullable String follow(int octet) {
        if (prefixBytes == 0) {
            length = 0;
            if (octet > 1) {
                return "message: flags %d (expected: 0, or 1 when compressed)".formatted(octet);
            }
            if (octet == 1 && !mayBeCompressed) {
                return "message: compressed (expected: the header grpc-encoding, or none of it)";
            }
        } else {
            length = length << 8 | octet;
        }
        prefixBytes++;
        if (prefixBytes == PREFIX_BYTES) {
            prefixBytes = 0;
            missingBytes = length;
            isTooLong = length > Integer.MAX_VALUE;
        }
        return null;
    }
}
