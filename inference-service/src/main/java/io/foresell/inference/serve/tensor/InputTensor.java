package io.foresell.inference.serve.tensor;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of a request: as many elements as its shape says, of a known datatype. The elements stay in the message until they
 * are read. Owned by the request.
 */
final class InputTensor {
    /** Parameter of an input: elements equal to it are missing. */
    static final String MISSING_VALUE = "missing_value";

    private static final int MAX_RANK = 8;
    private static final int LENGTH_BYTES = 4;

    private final InferInputTensor tensor;
    private final @Nullable ByteString raw; // null: the elements are in the tensor's contents
    private final Datatype datatype;
    private final int elementCount;

    private InputTensor(InferInputTensor tensor, @Nullable ByteString raw, Datatype datatype, int elementCount) {
        this.tensor = tensor;
        this.raw = raw;
        this.datatype = datatype;
        this.elementCount = elementCount;
    }

    /**
     * Checks a tensor.
     *
     * @param raw its bytes; null when its contents hold the elements
     * @throws ServiceException INVALID_ARGUMENT naming the tensor, what is wrong and what was expected
     */
    static InputTensor of(InferInputTensor tensor, @Nullable ByteString raw) {
        Datatype datatype = Datatype.of(path(tensor) + ".datatype", tensor.getDatatype());
        InputTensor input = new InputTensor(tensor, raw, datatype, elementCount(tensor));
        if (tensor.containsParameters("shared_memory_region")) {
            throw new ServiceException(new Failure(
                    io.grpc.Status.Code.UNIMPLEMENTED,
                    "SHARED_MEMORY_UNSUPPORTED",
                    path(tensor) + ": in shared memory (expected: in the request)",
                    java.util.Map.of(),
                    List.of(),
                    null));
        }
        if (raw != null) {
            input.requireRaw(raw);
        } else {
            input.requireContents();
        }
        return input;
    }

    private static int elementCount(InferInputTensor tensor) {
        List<Long> shape = tensor.getShapeList();
        if (shape.isEmpty() || shape.size() > MAX_RANK) {
            throw wrongShape(tensor, "1 to %d dimensions".formatted(MAX_RANK));
        }
        long count = 1;
        boolean isEmpty = false;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw wrongShape(tensor, "dimensions of 0 and more");
            }
            isEmpty |= dimension == 0;
            // Each factor is bounded before it is multiplied: no product of two ints leaves a long.
            if (dimension > Integer.MAX_VALUE || (count *= Math.max(1, dimension)) > Integer.MAX_VALUE) {
                throw wrongShape(tensor, "at most %d elements".formatted(Integer.MAX_VALUE));
            }
        }
        return isEmpty ? 0 : (int) count;
    }

    private static ServiceException wrongShape(InferInputTensor tensor, String expected) {
        return new ServiceException(
                Failure.invalid("SHAPE_INVALID", path(tensor) + ".shape", shown(tensor.getShapeList()), expected));
    }

    private static Object shown(List<Long> shape) {
        return shape.size() <= MAX_RANK ? shape : shape.size() + " dimensions";
    }

    private void requireRaw(ByteString bytes) {
        if (datatype == Datatype.BYTES) {
            return; // Elements tell their lengths; they are checked where they are read.
        }
        long expected = (long) elementCount * datatype.byteCount();
        if (bytes.size() != expected) {
            throw new ServiceException(Failure.invalid(
                    "RAW_SIZE",
                    path() + " raw contents",
                    bytes.size() + " bytes",
                    "%d, %d elements of %s".formatted(expected, elementCount, datatype)));
        }
    }

    private void requireContents() {
        InferTensorContents contents = tensor.getContents();
        Datatype.Contents own = datatype.contents();
        if (own == Datatype.Contents.NONE) {
            throw new ServiceException(Failure.invalid(
                    "CONTENTS_UNSUPPORTED",
                    path() + ".contents",
                    "of " + datatype,
                    "raw_input_contents: it has no list"));
        }
        for (Datatype.Contents list : Datatype.Contents.values()) {
            int count = list.count(contents);
            if (list != own && count > 0) {
                throw new ServiceException(Failure.invalid(
                        "CONTENTS_MISPLACED",
                        "%s.contents.%s".formatted(path(), list.field()),
                        count + " elements",
                        "elements of %s in %s".formatted(datatype, own.field())));
            }
        }
        if (own.count(contents) != elementCount) {
            throw new ServiceException(Failure.invalid(
                    "CONTENTS_COUNT",
                    "%s.contents.%s".formatted(path(), own.field()),
                    own.count(contents) + " elements",
                    "%d for shape %s".formatted(elementCount, shown(shape()))));
        }
        if (datatype.isInteger()) {
            requireRange(contents);
        }
    }

    /** Lists hold 32 bits for shorter datatypes, too. */
    private void requireRange(InferTensorContents contents) {
        for (int i = 0; i < elementCount; i++) {
            long value = datatype.integer(contents, i);
            if (!datatype.holds(value)) {
                throw new ServiceException(
                        Failure.invalid("ELEMENT_OUT_OF_RANGE", elementPath(i), value, datatype.range()));
            }
        }
    }

    String name() {
        return tensor.getName();
    }

    Datatype datatype() {
        return datatype;
    }

    List<Long> shape() {
        return tensor.getShapeList();
    }

    int elementCount() {
        return elementCount;
    }

    /** Returns the first dimension. */
    int rowCount() {
        return (int) tensor.getShape(0); // An int: larger ones were refused.
    }

    InferParameters parameters() {
        return new InferParameters(path() + ".parameters", tensor.getParametersMap());
    }

    /** Returns where it is in the request, for messages. */
    String path() {
        return path(tensor);
    }

    private static String path(InferInputTensor tensor) {
        String name = tensor.getName();
        return "inputs['%s']".formatted(name.length() <= 80 ? name : name.substring(0, 77) + "...");
    }

    private String elementPath(int element) {
        return "%s element %d".formatted(path(), element);
    }

    /**
     * Writes rows of numbers into a column of flat rows. A missing number is NaN.
     *
     * @param to flat rows
     * @param from where the column starts in the first row
     * @param stride width of a flat row
     * @param width numbers of this tensor a row
     * @throws ServiceException INVALID_ARGUMENT when a number is infinite or beyond a float
     */
    void numbers(float[] to, int from, int stride, int width) {
        if (raw != null) {
            ByteBuffer bytes = littleEndian(raw);
            if (datatype == Datatype.FP32) {
                for (int i = 0, row = from; i < elementCount; row += stride) {
                    for (int k = 0; k < width; k++, i++) {
                        to[row + k] = finite(bytes.getFloat(4 * i), i);
                    }
                }
            } else {
                for (int i = 0, row = from; i < elementCount; row += stride) {
                    for (int k = 0; k < width; k++, i++) {
                        to[row + k] = finite((float) datatype.number(bytes, i), i);
                    }
                }
            }
        } else {
            InferTensorContents contents = tensor.getContents();
            for (int i = 0, row = from; i < elementCount; row += stride) {
                for (int k = 0; k < width; k++, i++) {
                    to[row + k] = finite((float) datatype.number(contents, i), i);
                }
            }
        }
        if (tensor.getParametersCount() > 0) {
            dropMissing(to, from, stride, width);
        }
    }

    private float finite(float value, int element) {
        if (Float.isInfinite(value)) {
            throw new ServiceException(Failure.invalid(
                    "NUMBER_NOT_FINITE", elementPath(element), value, "a number within +-3.4e38, or NaN for missing"));
        }
        return value;
    }

    private void dropMissing(float[] to, int from, int stride, int width) {
        Double missing = parameters().number(MISSING_VALUE);
        if (missing == null) {
            return;
        }
        float value = missing.floatValue();
        int rows = elementCount / width;
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < width; k++) {
                if (to[from + row * stride + k] == value) {
                    to[from + row * stride + k] = Float.NaN;
                }
            }
        }
    }

    /**
     * Writes texts into a column of flat rows. A missing text is empty.
     *
     * @throws ServiceException INVALID_ARGUMENT when the bytes do not hold the elements, or are not UTF-8
     */
    void texts(String[] to, int from, int stride) {
        List<ByteString> elements = elements();
        String missing = tensor.getParametersCount() > 0 ? parameters().text(MISSING_VALUE) : "";
        for (int i = 0; i < elementCount; i++) {
            ByteString element = elements.get(i);
            if (!element.isValidUtf8()) {
                throw new ServiceException(Failure.invalid(
                        "TEXT_NOT_UTF8", elementPath(i), element.size() + " bytes that are not UTF-8", "UTF-8"));
            }
            String text = element.toStringUtf8();
            to[from + i * stride] = text.equals(missing) ? "" : text;
        }
    }

    /** Returns the floats of an FP32 tensor. */
    float[] floats() {
        float[] floats = new float[elementCount];
        ByteBuffer bytes = raw == null ? null : littleEndian(raw);
        for (int i = 0; i < elementCount; i++) {
            floats[i] = bytes == null ? tensor.getContents().getFp32Contents(i) : bytes.getFloat(4 * i);
        }
        return floats;
    }

    /** Returns whole numbers. */
    long[] integers() {
        long[] integers = new long[elementCount];
        ByteBuffer bytes = raw == null ? null : littleEndian(raw);
        for (int i = 0; i < elementCount; i++) {
            integers[i] = bytes == null ? datatype.integer(tensor.getContents(), i) : datatype.integer(bytes, i);
        }
        return integers;
    }

    /**
     * Returns the elements of BYTES.
     *
     * @throws ServiceException INVALID_ARGUMENT when the raw bytes end early or are too many
     */
    List<ByteString> elements() {
        if (raw == null) {
            return tensor.getContents().getBytesContentsList();
        }
        // Before anything is made in the size that a shape claims.
        if ((long) elementCount * LENGTH_BYTES > raw.size()) {
            throw wrongLength(
                    "%d bytes".formatted(raw.size()), "at least 4 for each of %d elements".formatted(elementCount));
        }
        ByteBuffer bytes = littleEndian(raw);
        List<ByteString> elements = new ArrayList<>(elementCount);
        int at = 0;
        for (int i = 0; i < elementCount; i++) {
            if (raw.size() - at < LENGTH_BYTES) {
                throw wrongLength(
                        "%d bytes left for the length of element %d".formatted(raw.size() - at, i), "4 bytes");
            }
            long length = bytes.getInt(at) & 0xFFFF_FFFFL;
            at += LENGTH_BYTES;
            if (length > raw.size() - at) {
                throw wrongLength(
                        "element %d of %d bytes".formatted(i, length),
                        "at most the %d left".formatted(raw.size() - at));
            }
            elements.add(raw.substring(at, at + (int) length));
            at += (int) length;
        }
        if (at != raw.size()) {
            throw wrongLength(
                    "%d bytes after the last element".formatted(raw.size() - at),
                    "none: %d elements for shape %s".formatted(elementCount, shown(shape())));
        }
        return elements;
    }

    private ServiceException wrongLength(String shown, String expected) {
        return new ServiceException(Failure.invalid("RAW_SIZE", path() + " raw contents", shown, expected));
    }

    private static ByteBuffer littleEndian(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
