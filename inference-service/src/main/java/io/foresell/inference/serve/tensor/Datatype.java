package io.foresell.inference.serve.tensor;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.DataType;
import io.foresell.proto.openinference.InferTensorContents;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Datatypes of elements: how long one is, and how to read it from little-endian bytes or from the list of its kind. */
enum Datatype {
    BOOL(1, Contents.BOOL, DataType.TYPE_BOOL, 0, 1),
    UINT8(1, Contents.UINT, DataType.TYPE_UINT8, 0, 0xFF),
    UINT16(2, Contents.UINT, DataType.TYPE_UINT16, 0, 0xFFFF),
    UINT32(4, Contents.UINT, DataType.TYPE_UINT32, 0, 0xFFFF_FFFFL),
    UINT64(8, Contents.UINT64, DataType.TYPE_UINT64, Long.MIN_VALUE, Long.MAX_VALUE),
    INT8(1, Contents.INT, DataType.TYPE_INT8, Byte.MIN_VALUE, Byte.MAX_VALUE),
    INT16(2, Contents.INT, DataType.TYPE_INT16, Short.MIN_VALUE, Short.MAX_VALUE),
    INT32(4, Contents.INT, DataType.TYPE_INT32, Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT64(8, Contents.INT64, DataType.TYPE_INT64, Long.MIN_VALUE, Long.MAX_VALUE),
    FP16(2, Contents.NONE, DataType.TYPE_FP16, 0, 0),
    BF16(2, Contents.NONE, DataType.TYPE_BF16, 0, 0),
    FP32(4, Contents.FP32, DataType.TYPE_FP32, 0, 0),
    FP64(8, Contents.FP64, DataType.TYPE_FP64, 0, 0),
    BYTES(0, Contents.BYTES, DataType.TYPE_STRING, 0, 0);

    /** The lists of {@link InferTensorContents}. */
    enum Contents {
        BOOL("bool_contents"),
        INT("int_contents"),
        INT64("int64_contents"),
        UINT("uint_contents"),
        UINT64("uint64_contents"),
        FP32("fp32_contents"),
        FP64("fp64_contents"),
        BYTES("bytes_contents"),
        /** There is no list for this datatype: it is sent raw. */
        NONE("raw_input_contents");

        private final String field;

        Contents(String field) {
            this.field = field;
        }

        String field() {
            return field;
        }

        int count(InferTensorContents contents) {
            return switch (this) {
                case BOOL -> contents.getBoolContentsCount();
                case INT -> contents.getIntContentsCount();
                case INT64 -> contents.getInt64ContentsCount();
                case UINT -> contents.getUintContentsCount();
                case UINT64 -> contents.getUint64ContentsCount();
                case FP32 -> contents.getFp32ContentsCount();
                case FP64 -> contents.getFp64ContentsCount();
                case BYTES -> contents.getBytesContentsCount();
                case NONE -> 0;
            };
        }
    }

    private final int byteCount;
    private final Contents contents;
    private final DataType configType;
    private final long least;
    private final long greatest;

    Datatype(int byteCount, Contents contents, DataType configType, long least, long greatest) {
        this.byteCount = byteCount;
        this.contents = contents;
        this.configType = configType;
        this.least = least;
        this.greatest = greatest;
    }

    /**
     * Returns the datatype of a name.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field and the known ones
     */
    static Datatype of(String field, String name) {
        Datatype known = byName(name);
        if (known == null) {
            throw new ServiceException(
                    Failure.invalid("DATATYPE_UNKNOWN", field, name, "one of " + Arrays.toString(values())));
        }
        return known;
    }

    private static @Nullable Datatype byName(String name) {
        for (Datatype datatype : values()) {
            if (datatype.name().equals(name)) {
                return datatype;
            }
        }
        return null;
    }

    /** Returns the bytes of an element; 0 for BYTES, whose elements tell their own length. */
    int byteCount() {
        return byteCount;
    }

    /** Returns the list that holds elements that are not raw. */
    Contents contents() {
        return contents;
    }

    /** Returns the name in a model configuration. */
    DataType configType() {
        return configType;
    }

    boolean isNumber() {
        return this != BYTES;
    }

    boolean isInteger() {
        return this != BYTES && this != FP16 && this != BF16 && this != FP32 && this != FP64;
    }

    /** Returns whether a whole number, of UINT64 its bits, is an element. */
    boolean holds(long value) {
        return value >= least && value <= greatest;
    }

    /** Returns what {@link #holds} expects, for messages. */
    String range() {
        return least + ".." + greatest;
    }

    /** Returns a raw element as a number. */
    double number(ByteBuffer raw, int element) {
        return switch (this) {
            case FP32 -> raw.getFloat(4 * element);
            case FP64 -> raw.getDouble(8 * element);
            case FP16 -> half(raw.getShort(2 * element));
            case BF16 -> Float.intBitsToFloat(raw.getShort(2 * element) << 16);
            case UINT64 -> unsigned(raw.getLong(8 * element));
            case BYTES -> throw new IllegalStateException("BYTES are no numbers");
            default -> integer(raw, element);
        };
    }

    /** Returns a raw element of a whole number; of UINT64 its bits. */
    long integer(ByteBuffer raw, int element) {
        return switch (this) {
            case BOOL -> raw.get(element) == 0 ? 0 : 1;
            case UINT8 -> raw.get(element) & 0xFF;
            case UINT16 -> raw.getShort(2 * element) & 0xFFFF;
            case UINT32 -> raw.getInt(4 * element) & 0xFFFF_FFFFL;
            case INT8 -> raw.get(element);
            case INT16 -> raw.getShort(2 * element);
            case INT32 -> raw.getInt(4 * element);
            case INT64, UINT64 -> raw.getLong(8 * element);
            case FP16, BF16, FP32, FP64, BYTES -> throw new IllegalStateException(this + " are no whole numbers");
        };
    }

    /** Returns an element of a list as a number. */
    double number(InferTensorContents from, int element) {
        return switch (contents) {
            case FP32 -> from.getFp32Contents(element);
            case FP64 -> from.getFp64Contents(element);
            case UINT64 -> unsigned(from.getUint64Contents(element));
            case BYTES, NONE -> throw new IllegalStateException(this + " are no numbers in a list");
            default -> integer(from, element);
        };
    }

    /** Returns an element of a list of whole numbers; of UINT64 its bits. */
    long integer(InferTensorContents from, int element) {
        return switch (contents) {
            case BOOL -> from.getBoolContents(element) ? 1 : 0;
            case INT -> from.getIntContents(element);
            case INT64 -> from.getInt64Contents(element);
            case UINT -> from.getUintContents(element) & 0xFFFF_FFFFL;
            case UINT64 -> from.getUint64Contents(element);
            case FP32, FP64, BYTES, NONE -> throw new IllegalStateException(this + " are no whole numbers");
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (bits >>> 1) * 2.0 + (bits & 1);
    }

    /** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
    private static double half(short bits) {
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        double size =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24;
                    case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                    default -> Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
                };
        return bits < 0 ? -size : size;
    }
}
