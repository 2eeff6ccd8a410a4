package io.foresell.model.scorer;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Estimates the objects in wire bytes before they become objects: two bytes of an empty message cost a hundred on the heap,
 * so a small hostile file could otherwise fill it.
 */
final class WireBudget {
    private static final int MAX_DEPTH = 20;
    // Heap of an empty message with its place in a list, of a text beside its own bytes, and of a number in a list that
    // grows.
    private static final int MESSAGE_BYTES = 160;
    private static final int TEXT_BYTES = 32;
    private static final int NUMBER_BYTES = 16;
    // An unknown field becomes an entry of a map with a list of its own.
    private static final int UNKNOWN_BYTES = 128;

    private final boolean keepsUnknown;
    private long left;

    private WireBudget(long heapBytes, boolean keepsUnknown) {
        this.left = heapBytes;
        this.keepsUnknown = keepsUnknown;
    }

    /** Throws BAD_GRAPH when the objects would take more than the budget, or are nested too deeply. */
    static void check(byte[] bytes, Descriptor type, long heapBytes, boolean keepsUnknown) throws IOException {
        new WireBudget(heapBytes, keepsUnknown).scan(CodedInputStream.newInstance(bytes), type, 0);
    }

    private void scan(CodedInputStream in, Descriptor type, int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw BadGraph.of("nesting: above %d (expected: at most %d)", MAX_DEPTH, MAX_DEPTH);
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_START_GROUP) {
                throw BadGraph.of("a group in %s (expected: none, ONNX has none)", type.getName());
            }
            if (field == null || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int unknownBytes = keepsUnknown ? UNKNOWN_BYTES : 0;
                spend(field == null ? unknownBytes : field.isRepeated() ? NUMBER_BYTES : 0);
                in.skipField(tag);
                continue;
            }
            int length = in.readRawVarint32();
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                spend(MESSAGE_BYTES);
                int limit = in.pushLimit(length);
                scan(in, field.getMessageType(), depth + 1);
                in.popLimit(limit);
            } else {
                spend(isInteger(field) ? (long) Long.BYTES * length : TEXT_BYTES);
                in.skipRawBytes(length);
            }
        }
    }

    /** Packed integers may take a byte each; packed floats take as much here as on the heap. */
    private static boolean isInteger(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.LONG
                || field.getJavaType() == FieldDescriptor.JavaType.INT;
    }

    private void spend(long heapBytes) {
        left -= heapBytes;
        if (left < 0) {
            throw BadGraph.of("too many nodes, tensors and names");
        }
    }
}
