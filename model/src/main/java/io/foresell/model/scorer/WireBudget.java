package io.foresell.model.scorer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Estimates the objects in wire bytes before they become objects: two bytes of an empty message cost a hundred on
 * the heap, so a small hostile file could otherwise fill it.
 */
final class WireBudget {
    private static final int MAX_DEPTH = 20;
    // A unit is about 32 bytes of heap: an empty message takes 100 to 200, a text a reference and more, a packed
    // integer
    // of one byte eight.
    private static final int MESSAGE_UNITS = 5;
    private static final int INTEGERS_PER_UNIT = 4;

    // An unknown field becomes an entry of a map with a list of its own.
    private static final int UNKNOWN_UNITS = 4;

    private final boolean keepsUnknown;
    private long left;

    private WireBudget(long budget, boolean keepsUnknown) {
        this.left = budget;
        this.keepsUnknown = keepsUnknown;
    }

    /** Throws BAD_GRAPH when the bytes would become more than the budget's units of 32 bytes, or are nested too deeply. */
    static void check(byte[] bytes, Descriptor type, long budget, boolean keepsUnknown) throws IOException {
        new WireBudget(budget, keepsUnknown).scan(CodedInputStream.newInstance(bytes), type, 0);
    }

    private void scan(CodedInputStream in, Descriptor type, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw BadGraph.of("nesting: above %d (expected: at most %d)", MAX_DEPTH, MAX_DEPTH);
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            boolean isLengthDelimited = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (field == null || !isLengthDelimited) {
                spend(field == null && keepsUnknown ? UNKNOWN_UNITS : 0);
                in.skipField(tag);
                continue;
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                spend(MESSAGE_UNITS);
                int limit = in.pushLimit(in.readRawVarint32());
                scan(in, field.getMessageType(), depth + 1);
                in.popLimit(limit);
            } else {
                int length = in.readRawVarint32();
                spend(1 + (isInteger(field) ? length / INTEGERS_PER_UNIT : 0));
                in.skipRawBytes(length);
            }
        }
    }

    private static boolean isInteger(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.LONG
                || field.getJavaType() == FieldDescriptor.JavaType.INT;
    }

    private void spend(int units) {
        left -= units;
        if (left < 0) {
            throw BadGraph.of("too many nodes, tensors and names");
        }
    }
}
