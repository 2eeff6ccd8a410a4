package io.foresell.feature.history;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link PackedWriter} wrote. Damaged bytes are DATA_LOSS. Not thread-safe. */
final class PackedReader {
    private final byte[] bytes;
    private int position;

    PackedReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    int position() {
        return position;
    }

    int get() {
        if (position >= bytes.length) {
            throw damaged();
        }
        return bytes[position++] & 0xFF;
    }

    long getCount() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = get();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw damaged();
    }

    /** Reads a count that cannot be more than the bytes left. */
    int getSize() {
        long size = getCount();
        if (size < 0 || size > bytes.length - position) {
            throw damaged();
        }
        return (int) size;
    }

    long getSigned() {
        long value = getCount();
        return (value >>> 1) ^ -(value & 1);
    }

    double getDouble() {
        long bits = 0;
        for (int i = 0; i < Double.BYTES; i++) {
            bits = bits << 8 | get();
        }
        return Double.longBitsToDouble(bits);
    }

    String getText() {
        int size = getSize();
        String text = new String(bytes, position, size, StandardCharsets.UTF_8);
        position += size;
        return text;
    }

    void skip(int size) {
        if (size < 0 || size > bytes.length - position) {
            throw damaged();
        }
        position += size;
    }

    static ServiceException damaged() {
        return new ServiceException(
                Failure.dataLoss("HISTORY_DAMAGED", "history: unreadable rows (expected: rows as they were written)"));
    }
}
