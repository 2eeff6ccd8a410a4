package io.foresell.inference.serve.tensor;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the tensors of a request into flat rows in the order of a signature: a tensor for each input, or one for all numbers. */
final class PackageRows {
    /** Most rows of a request. */
    static final int MAX_ROWS = 4096;

    /** Name of the one tensor that holds all numbers of a row, in the order of the signature. */
    static final String MATRIX = "input";

    // Inputs may be left out on request: a small message must not ask for a gigabyte.
    private static final long MAX_VALUES = 1 << 24;
    private static final int MAX_NAME_COMPARED = 128;
    private static final int NAMES_LISTED = 20;

    private final Signature signature;
    private final int rowCount;
    private final float[] numbers;
    private final String[] texts;
    private final boolean[] isGiven; // by input of the signature

    private PackageRows(Signature signature, int rowCount) {
        this.signature = signature;
        this.rowCount = rowCount;
        this.numbers = new float[rowCount * signature.numberWidth()];
        this.texts = new String[rowCount * signature.textWidth()];
        this.isGiven = new boolean[signature.inputs().size()];
    }

    /**
     * Returns the rows of a request.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the input at fault
     */
    static Rows read(TensorRequest request, Signature signature, boolean allowsMissing) {
        int rowCount = request.rowCount();
        requireRowCount(rowCount, signature);
        for (InputTensor tensor : request.inputs().values()) {
            requireKnown(tensor, signature);
            requireShape(tensor, signature, rowCount); // Before memory is taken for so many rows.
        }
        PackageRows rows = new PackageRows(signature, rowCount);
        for (InputTensor tensor : request.inputs().values()) {
            rows.read(tensor);
        }
        rows.completeMissing(allowsMissing);
        return new Rows(rowCount, rows.numbers, rows.texts);
    }

    /** Returns whether a model takes all its numbers as one tensor, too. */
    static boolean takesMatrix(Signature signature) {
        return signature.numberWidth() > 0 && !signature.contains(MATRIX);
    }

    private static void requireRowCount(int rowCount, Signature signature) {
        long rowWidth = (long) signature.numberWidth() + signature.textWidth();
        long limit = Math.max(1, Math.min(MAX_ROWS, MAX_VALUES / rowWidth));
        if (rowCount < 1 || rowCount > limit) {
            throw new ServiceException(Failure.invalid(
                    "ROW_COUNT_OUT_OF_RANGE", "rows", rowCount, "1..%d in the first dimension".formatted(limit)));
        }
    }

    private static boolean isMatrix(InputTensor tensor, Signature signature) {
        return tensor.name().equals(MATRIX) && takesMatrix(signature);
    }

    private static void requireKnown(InputTensor tensor, Signature signature) {
        String name = tensor.name();
        if (signature.contains(name) || isMatrix(tensor, signature)) {
            return;
        }
        List<String> names = signature.inputs().stream().map(InputField::name).toList();
        String nearest = name.length() > MAX_NAME_COMPARED ? "" : ", nearest is '" + Names.nearest(name, names) + "'";
        throw new ServiceException(Failure.invalid(
                "INPUT_UNKNOWN",
                "inputs",
                name.length() > 80 ? name.substring(0, 77) + "..." : name,
                "an input of the model" + nearest));
    }

    private static void requireShape(InputTensor tensor, Signature signature, int rowCount) {
        boolean isMatrix = isMatrix(tensor, signature);
        InputKind kind =
                isMatrix ? InputKind.NUMBER : signature.input(tensor.name()).kind();
        int width = isMatrix
                ? signature.numberWidth()
                : signature.input(tensor.name()).width();
        if ((kind == InputKind.TEXT) != (tensor.datatype() == Datatype.BYTES)) {
            throw new ServiceException(Failure.invalid(
                    "INPUT_TYPE",
                    tensor.path() + ".datatype",
                    tensor.datatype().name(),
                    kind == InputKind.TEXT ? "BYTES" : "FP32, or another datatype of numbers"));
        }
        List<Long> shape = tensor.shape();
        boolean isRows = shape.size() == 2 && shape.get(1) == width;
        boolean isColumn = shape.size() == 1 && width == 1 && !isMatrix;
        if (shape.get(0) != rowCount || !(isRows || isColumn)) {
            String expected = width == 1 && !isMatrix
                    ? "[%d] or [%d, 1]".formatted(rowCount, rowCount)
                    : "[%d, %d]".formatted(rowCount, width);
            throw new ServiceException(Failure.invalid("INPUT_SHAPE", tensor.path() + ".shape", shape, expected));
        }
    }

    private void read(InputTensor tensor) {
        if (isMatrix(tensor, signature)) {
            readMatrix(tensor);
            return;
        }
        int input = signature.indexOf(tensor.name());
        requireOnce(input, tensor.name());
        InputField field = signature.inputs().get(input);
        if (field.kind() == InputKind.TEXT) {
            tensor.texts(texts, signature.offset(input), signature.textWidth());
        } else {
            tensor.numbers(numbers, signature.offset(input), signature.numberWidth(), field.width());
        }
    }

    private void readMatrix(InputTensor tensor) {
        for (int input = 0; input < isGiven.length; input++) {
            if (signature.inputs().get(input).kind() == InputKind.NUMBER) {
                requireOnce(input, signature.inputs().get(input).name());
            }
        }
        tensor.numbers(numbers, 0, signature.numberWidth(), signature.numberWidth());
    }

    private void requireOnce(int input, String name) {
        if (isGiven[input]) {
            throw new ServiceException(Failure.invalid(
                    "INPUT_TWICE", "inputs", name, "either by its own name or within '" + MATRIX + "'"));
        }
        isGiven[input] = true;
    }

    private void completeMissing(boolean allowsMissing) {
        List<String> missing = new ArrayList<>();
        for (int input = 0; input < isGiven.length; input++) {
            if (!isGiven[input]) {
                missing.add(signature.inputs().get(input).name());
                clear(input);
            }
        }
        if (!missing.isEmpty() && !allowsMissing) {
            String shown = String.join(", ", missing.subList(0, Math.min(NAMES_LISTED, missing.size())));
            throw new ServiceException(Failure.invalid(
                            "INPUT_MISSING",
                            "inputs: missing %s (expected: all %d inputs of the model, or parameter allow_missing true)"
                                    .formatted(shown, isGiven.length))
                    .violating("inputs", "missing " + shown)
                    .with("missing", shown));
        }
    }

    private void clear(int input) {
        InputField field = signature.inputs().get(input);
        int offset = signature.offset(input);
        for (int row = 0; row < rowCount; row++) {
            if (field.kind() == InputKind.TEXT) {
                texts[row * signature.textWidth() + offset] = "";
            } else {
                int from = row * signature.numberWidth() + offset;
                Arrays.fill(numbers, from, from + field.width(), Float.NaN);
            }
        }
    }
}
