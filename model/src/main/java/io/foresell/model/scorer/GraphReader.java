package io.foresell.model.scorer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Parser;
import io.foresell.model.PackageException;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.OperatorSetIdProto;
import io.foresell.model.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads ONNX bytes from anywhere: everything is counted and checked before it is believed. */
public final class GraphReader {
    /** Most bytes that a file's objects may take, beside its own: a forest of about a million nodes. */
    private static final long MAX_OBJECT_BYTES = 192L << 20;

    private static final long MIN_IR = 3;
    private static final long MAX_IR = 13;

    private static final long MIN_OPSET = 7;
    private static final long MAX_OPSET = 26;
    private static final long MAX_ML_OPSET = 4;

    private GraphReader() {}

    /**
     * Parses a file of any opset in bounded memory, keeping the fields that Foresell does not know, so that it can be written again.
     *
     * @throws PackageException (BAD_GRAPH) when the bytes are no ONNX file with nodes
     */
    public static ModelProto parse(byte[] onnx) {
        return parsed(onnx, true, ModelProto.parser());
    }

    /** Parses a file of known opsets, dropping what is not known. */
    static ModelProto read(byte[] onnx) {
        ModelProto model = parsed(onnx, false, DiscardUnknownFieldsParser.wrap(ModelProto.parser()));
        requireKnownParts(model);
        requireOpsets(model);
        return model;
    }

    private static ModelProto parsed(byte[] onnx, boolean keepsUnknown, Parser<ModelProto> parser) {
        try {
            WireBudget.check(onnx, ModelProto.getDescriptor(), MAX_OBJECT_BYTES, keepsUnknown);
            ModelProto model = parser.parseFrom(CodedInputStream.newInstance(onnx));
            if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
                throw BadGraph.of("0 nodes (expected: 1 or more)");
            }
            return model;
        } catch (IOException e) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "model.onnx: %d bytes are not an ONNX file: %s".formatted(onnx.length, e.getMessage()),
                    e);
        }
    }

    private static void requireKnownParts(ModelProto model) {
        if (model.getIrVersion() < MIN_IR || model.getIrVersion() > MAX_IR) {
            throw new UnsupportedOperatorException(
                    "ir_version", "%d (known: %d..%d)".formatted(model.getIrVersion(), MIN_IR, MAX_IR));
        }
        if (model.getFunctionsCount() > 0) {
            throw new UnsupportedOperatorException(
                    "functions", "%d defined by the file".formatted(model.getFunctionsCount()));
        }
        if (model.getGraph().getSparseInitializerCount() > 0) {
            throw new UnsupportedOperatorException(
                    "sparse_initializer",
                    "%d constants".formatted(model.getGraph().getSparseInitializerCount()));
        }
    }

    /** Returns the version of ONNX's own operators. */
    static long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(opset ->
                        opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .max()
                .orElse(0);
    }

    private static void requireOpsets(ModelProto model) {
        boolean hasDefault = false;
        Map<String, Long> versions = new HashMap<>();
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            boolean isDefault = opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx");
            Long before = versions.put(isDefault ? "" : opset.getDomain(), opset.getVersion());
            if (before != null && before != opset.getVersion()) {
                throw BadGraph.of(
                        "opset_import: domain \"%s\" in versions %d and %d (expected: one)",
                        opset.getDomain(), before, opset.getVersion());
            }
            hasDefault |= isDefault;
            long least = isDefault ? MIN_OPSET : 1;
            long most = isDefault ? MAX_OPSET : opset.getDomain().equals("ai.onnx.ml") ? MAX_ML_OPSET : Long.MAX_VALUE;
            if (opset.getVersion() < least || opset.getVersion() > most) {
                throw new UnsupportedOperatorException(
                        "opset \"%s\"".formatted(opset.getDomain()),
                        "version %d (known: %d..%d)".formatted(opset.getVersion(), least, most));
            }
        }
        if (!hasDefault) {
            throw BadGraph.of("opset_import: %d without the default domain", model.getOpsetImportCount());
        }
    }

    /** Returns a constant tensor; floats must be finite. */
    static Value constant(TensorProto tensor) {
        int[] shape = shape(tensor);
        TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
        if (type == TensorProto.DataType.FLOAT) {
            return new Value.FloatConstant(floats(tensor, shape), shape);
        }
        if (type == TensorProto.DataType.DOUBLE) {
            return new Value.FloatConstant(doubles(tensor), shape);
        }
        if (type == TensorProto.DataType.INT64
                || type == TensorProto.DataType.INT32
                || type == TensorProto.DataType.BOOL) {
            return new Value.IntConstant(integers(tensor, shape, type), shape);
        }
        throw new UnsupportedOperatorException(
                "tensor", "%s has data type %d".formatted(tensor.getName(), tensor.getDataType()));
    }

    private static int[] shape(TensorProto tensor) {
        if (tensor.getDataLocation() != 0 || tensor.getExternalDataCount() > 0) {
            throw BadGraph.of("tensor %s: data outside of the file (expected: inside)", tensor.getName());
        }
        requireOneField(tensor);
        int[] shape = new int[tensor.getDimsCount()];
        for (int i = 0; i < shape.length; i++) {
            long dimension = tensor.getDims(i);
            if (dimension < 0 || dimension > Integer.MAX_VALUE) {
                throw BadGraph.of("tensor %s: dimension %d (expected: 0 or more)", tensor.getName(), dimension);
            }
            shape[i] = (int) dimension;
        }
        return shape;
    }

    /** Refuses elements in two fields: readers differ in which one they believe. */
    private static void requireOneField(TensorProto tensor) {
        int type = tensor.getDataType();
        int fields = 0;
        fields += tensor.getRawData().isEmpty() ? 0 : 1;
        fields += tensor.getFloatDataCount() == 0 ? 0 : type == TensorProto.DataType.FLOAT_VALUE ? 1 : 2;
        fields += tensor.getInt64DataCount() == 0 ? 0 : type == TensorProto.DataType.INT64_VALUE ? 1 : 2;
        fields += tensor.getDoubleDataCount() == 0 ? 0 : type == TensorProto.DataType.DOUBLE_VALUE ? 1 : 2;
        fields += tensor.getStringDataCount() == 0 ? 0 : type == TensorProto.DataType.STRING_VALUE ? 1 : 2;
        // Small types share this field.
        boolean isSmall = type != TensorProto.DataType.FLOAT_VALUE && type != TensorProto.DataType.INT64_VALUE;
        fields += tensor.getInt32DataCount() == 0 ? 0 : isSmall ? 1 : 2;
        if (fields > 1 || tensor.hasSegment()) {
            throw BadGraph.of("tensor %s: values in several fields or of another type", tensor.getName());
        }
    }

    private static float[] floats(TensorProto tensor, int[] shape) {
        float[] values;
        if (tensor.getFloatDataCount() > 0) {
            requireCount(tensor, tensor.getFloatDataCount(), shape);
            values = new float[tensor.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.getFloatData(i);
            }
        } else {
            ByteBuffer raw = raw(tensor, Float.BYTES, shape);
            values = new float[raw.remaining() / Float.BYTES];
            raw.asFloatBuffer().get(values);
        }
        requireFinite(tensor, values);
        return values;
    }

    private static void requireFinite(TensorProto tensor, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw BadGraph.of("tensor %s: holds %s (expected: finite numbers)", tensor.getName(), value);
            }
        }
    }

    /** Returns doubles rounded to floats. */
    private static float[] doubles(TensorProto tensor) {
        double[] doubles = decimals(tensor);
        float[] values = new float[doubles.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) doubles[i];
        }
        requireFinite(tensor, values);
        return values;
    }

    /** Returns the numbers of a float or double tensor, NaN and infinities included. */
    static double[] decimals(TensorProto tensor) {
        int[] shape = shape(tensor);
        boolean isDouble = tensor.getDataType() == TensorProto.DataType.DOUBLE.getNumber();
        if (!isDouble && tensor.getDataType() != TensorProto.DataType.FLOAT.getNumber()) {
            throw BadGraph.of(
                    "tensor %s: data type %d (expected: FLOAT or DOUBLE)", tensor.getName(), tensor.getDataType());
        }
        List<? extends Number> typed = isDouble ? tensor.getDoubleDataList() : tensor.getFloatDataList();
        if (!typed.isEmpty()) {
            requireCount(tensor, typed.size(), shape);
            return typed.stream().mapToDouble(Number::doubleValue).toArray();
        }
        int bytes = isDouble ? Double.BYTES : Float.BYTES;
        ByteBuffer raw = raw(tensor, bytes, shape);
        double[] values = new double[raw.remaining() / bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = isDouble ? raw.getDouble() : raw.getFloat();
        }
        return values;
    }

    private static long[] integers(TensorProto tensor, int[] shape, TensorProto.DataType type) {
        boolean isLong = type == TensorProto.DataType.INT64;
        List<? extends Number> typed = isLong ? tensor.getInt64DataList() : tensor.getInt32DataList();
        if (!typed.isEmpty()) {
            requireCount(tensor, typed.size(), shape);
            return typed.stream().mapToLong(Number::longValue).toArray();
        }
        int bytes = isLong ? Long.BYTES : type == TensorProto.DataType.BOOL ? 1 : Integer.BYTES;
        ByteBuffer raw = raw(tensor, bytes, shape);
        long[] values = new long[raw.remaining() / bytes];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes == 1 ? raw.get() : isLong ? raw.getLong() : raw.getInt();
        }
        return values;
    }

    private static ByteBuffer raw(TensorProto tensor, int elementBytes, int[] shape) {
        ByteString raw = tensor.getRawData();
        if (raw.size() % elementBytes != 0) {
            throw BadGraph.of("tensor %s: %d bytes (expected: whole elements)", tensor.getName(), raw.size());
        }
        requireCount(tensor, raw.size() / elementBytes, shape);
        return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void requireCount(TensorProto tensor, int actual, int[] shape) {
        if (Shapes.size(shape) != actual) {
            throw BadGraph.of("tensor %s: %d values (expected: %d)", tensor.getName(), actual, Shapes.size(shape));
        }
    }
}
