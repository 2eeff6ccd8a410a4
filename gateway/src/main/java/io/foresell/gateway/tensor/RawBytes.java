package io.foresell.gateway.tensor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian elements that grow as they are read. Owned by one request. */
final class RawBytes {
    private ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);

    /** Returns room for so many more bytes, to be put at once. */
    ByteBuffer room(int byteCount) {
        if (bytes.remaining() < byteCount) {
            int capacity = Math.max(2 * bytes.capacity(), bytes.position() + byteCount);
            bytes = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
        }
        return bytes;
    }

    /** Returns what was put; nothing may be put any more. */
    ByteString take() {
        return UnsafeByteOperations.unsafeWrap(bytes.flip());
    }
}
