package io.foresell.feature.history;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes numbers in few bytes: seven bits a byte, small ones first. Not thread-safe. */
final class PackedWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    void put(int value) {
        bytes.write(value);
    }

    /** Writes a number that is 0 or more and mostly small. */
    void putCount(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    /** Writes a number that is mostly near 0. */
    void putSigned(long value) {
        putCount((value << 1) ^ (value >> 63));
    }

    void putDouble(double value) {
        long bits = Double.doubleToLongBits(value);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.write((int) (bits >>> shift) & 0xFF);
        }
    }

    void putText(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        putCount(encoded.length);
        bytes.writeBytes(encoded);
    }

    void putBytes(byte[] more) {
        bytes.writeBytes(more);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
