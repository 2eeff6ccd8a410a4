package io.foresell.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One input of the signature and the tensor that the graph takes for it. Immutable. */
final class InputTensor {
    private static final long FREE = -1;

    private final InputField field;
    private final Signature signature;
    private final int offset;
    private final long[] shape; // of one row: the first dimension is the batch, FREE or 1

    private InputTensor(Signature signature, int index, long[] shape) {
        this.field = signature.inputs().get(index);
        this.signature = signature;
        this.offset = signature.offset(index);
        this.shape = shape;
    }

    /**
     * Matches the inputs of a graph with a signature.
     *
     * @throws PackageException BAD_GRAPH naming the input that does not fit
     */
    static List<InputTensor> all(Map<String, NodeInfo> graph, Signature signature) {
        for (String name : graph.keySet()) {
            if (!signature.contains(name)) {
                throw bad("input %s: not in the signature (expected: one of its inputs)".formatted(name));
            }
        }
        List<InputTensor> inputs = new ArrayList<>();
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            NodeInfo node = graph.get(field.name());
            if (node == null) {
                throw bad("input %s: missing (expected: every input of the signature)".formatted(field.name()));
            }
            inputs.add(new InputTensor(signature, i, rowShape(node, field)));
        }
        return inputs;
    }

    private static long[] rowShape(NodeInfo node, InputField field) {
        OnnxJavaType expected = field.kind() == InputKind.TEXT ? OnnxJavaType.STRING : OnnxJavaType.FLOAT;
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != expected) {
            throw bad("input %s: %s (expected: a tensor of %s)".formatted(field.name(), node.getInfo(), expected));
        }
        long[] shape = tensor.getShape().clone();
        long known = 1;
        int freePlace = -1;
        int freeCount = 0;
        for (int i = 1; i < shape.length; i++) {
            if (shape[i] == FREE) {
                freePlace = i;
                freeCount++;
            } else {
                known *= shape[i];
            }
        }
        if (freeCount == 1 && known > 0 && field.width() % known == 0) {
            shape[freePlace] = field.width() / known;
            known = field.width();
        }
        boolean isBatch = shape.length > 0 && (shape[0] == FREE || shape[0] == 1);
        if (!isBatch || freeCount > 1 || known != field.width()) {
            throw bad("input %s: shape %s (expected: the rows first, free or 1, then %d values a row)"
                    .formatted(field.name(), Arrays.toString(tensor.getShape()), field.width()));
        }
        return shape;
    }

    private static PackageException bad(String message) {
        return new PackageException(PackageException.Reason.BAD_GRAPH, "model.onnx: " + message);
    }

    String name() {
        return field.name();
    }

    /** Returns whether the graph takes exactly one row at a time. */
    boolean isOneRow() {
        return shape[0] == 1;
    }

    /** Returns a new tensor of consecutive rows; the caller closes it. */
    OnnxTensor of(OrtEnvironment environment, Rows rows, int firstRow, int rowCount) throws OrtException {
        long[] tensorShape = shape.clone();
        tensorShape[0] = rowCount;
        if (field.kind() == InputKind.TEXT) {
            String[] column = new String[rowCount];
            for (int row = 0; row < rowCount; row++) {
                column[row] = rows.texts()[(firstRow + row) * signature.textWidth() + offset];
            }
            return OnnxTensor.createTensor(environment, column, tensorShape);
        }
        float[] column = new float[rowCount * field.width()];
        for (int row = 0; row < rowCount; row++) {
            int from = (firstRow + row) * signature.numberWidth() + offset;
            System.arraycopy(rows.numbers(), from, column, row * field.width(), field.width());
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(column), tensorShape);
    }
}
