package io.foresell.inference.serve.tensor;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.foresell.proto.openinference.InferTensorContents;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** One output: written once, then turned into raw bytes or into the list of its datatype. */
final class OutputTensor {
    private final String name;
    private final Datatype datatype;
    private final List<Long> shape;
    private final Values values;

    private OutputTensor(String name, Datatype datatype, List<Long> shape, Values values) {
        this.name = name;
        this.datatype = datatype;
        this.shape = shape;
        this.values = values;
    }

    /** Elements in one of the forms they are made in. */
    private sealed interface Values {
        ByteString raw(Datatype datatype);

        InferTensorContents contents(Datatype datatype);
    }

    /** Takes the array over. */
    static OutputTensor floats(String name, List<Long> shape, float[] floats) {
        return new OutputTensor(name, Datatype.FP32, shape, new Floats(floats));
    }

    /** Takes the array over. */
    static OutputTensor integers(String name, Datatype datatype, List<Long> shape, long[] integers) {
        return new OutputTensor(name, datatype, shape, new Integers(integers));
    }

    static OutputTensor bytes(String name, List<Long> shape, List<ByteString> elements) {
        return new OutputTensor(name, Datatype.BYTES, shape, new Bytes(elements));
    }

    String name() {
        return name;
    }

    Datatype datatype() {
        return datatype;
    }

    List<Long> shape() {
        return shape;
    }

    ByteString raw() {
        return values.raw(datatype);
    }

    InferTensorContents contents() {
        return values.contents(datatype);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Floats(float[] floats) implements Values {
        @Override
        public ByteString raw(Datatype datatype) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(floats);
            return UnsafeByteOperations.unsafeWrap(bytes);
        }

        @Override
        public InferTensorContents contents(Datatype datatype) {
            InferTensorContents.Builder contents = InferTensorContents.newBuilder();
            for (float value : floats) {
                contents.addFp32Contents(value);
            }
            return contents.build();
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Integers(long[] integers) implements Values {
        @Override
        public ByteString raw(Datatype datatype) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(datatype.byteCount() * integers.length).order(ByteOrder.LITTLE_ENDIAN);
            for (long value : integers) {
                switch (datatype.byteCount()) {
                    case 1 -> bytes.put((byte) value);
                    case 2 -> bytes.putShort((short) value);
                    case 4 -> bytes.putInt((int) value);
                    default -> bytes.putLong(value);
                }
            }
            return UnsafeByteOperations.unsafeWrap(bytes.flip());
        }

        @Override
        public InferTensorContents contents(Datatype datatype) {
            InferTensorContents.Builder contents = InferTensorContents.newBuilder();
            for (long value : integers) {
                switch (datatype.contents()) {
                    case BOOL -> contents.addBoolContents(value != 0);
                    case INT -> contents.addIntContents((int) value);
                    case UINT -> contents.addUintContents((int) value);
                    case INT64 -> contents.addInt64Contents(value);
                    case UINT64 -> contents.addUint64Contents(value);
                    case FP32, FP64, BYTES, NONE -> throw new IllegalStateException("no whole numbers: " + datatype);
                }
            }
            return contents.build();
        }
    }

    private record Bytes(List<ByteString> elements) implements Values {
        @Override
        public ByteString raw(Datatype datatype) {
            int size = 0;
            for (ByteString element : elements) {
                size += 4 + element.size();
            }
            ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            for (ByteString element : elements) {
                bytes.putInt(element.size());
                element.copyTo(bytes);
            }
            return UnsafeByteOperations.unsafeWrap(bytes.flip());
        }

        @Override
        public InferTensorContents contents(Datatype datatype) {
            return InferTensorContents.newBuilder()
                    .addAllBytesContents(elements)
                    .build();
        }
    }
}
