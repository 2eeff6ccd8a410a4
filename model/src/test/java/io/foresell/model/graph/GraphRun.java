package io.foresell.model.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A file loaded in ONNX Runtime; answers all outputs by name. */
final class GraphRun implements AutoCloseable {
    private static int dumped;

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Signature signature;

    GraphRun(byte[] onnx, Signature signature) throws OrtException {
        dump(onnx);
        this.signature = signature;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            this.session = environment.createSession(onnx, options);
        }
    }

    /** Leaves files for another checker where the property foresell.dump names a folder. */
    private static synchronized void dump(byte[] onnx) {
        String folder = System.getProperty("foresell.dump");
        if (folder != null) {
            try {
                Files.write(Path.of(folder, dumped++ + ".onnx"), onnx);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns each output as floats, row-major; 64-bit integers too. */
    Map<String, float[]> run(Rows rows) throws OrtException {
        Map<String, OnnxTensorLike> inputs = new HashMap<>();
        try {
            for (InputField field : signature.inputs()) {
                if (session.getInputNames().contains(field.name())) {
                    inputs.put(field.name(), tensor(rows, field));
                }
            }
            Map<String, float[]> outputs = new HashMap<>();
            try (OrtSession.Result result = session.run(inputs)) {
                result.forEach(entry -> outputs.put(entry.getKey(), floats((OnnxTensor) entry.getValue())));
            }
            return outputs;
        } finally {
            inputs.values().forEach(OnnxTensorLike::close);
        }
    }

    /** Returns the only output. */
    float[] only(Rows rows) throws OrtException {
        return run(rows).values().iterator().next();
    }

    private static float[] floats(OnnxTensor tensor) {
        if (tensor.getInfo().type == ai.onnxruntime.OnnxJavaType.INT64) {
            LongBuffer buffer = tensor.getLongBuffer();
            float[] values = new float[buffer.remaining()];
            for (int i = 0; i < values.length; i++) {
                values[i] = buffer.get(i);
            }
            return values;
        }
        float[] values = new float[tensor.getFloatBuffer().remaining()];
        tensor.getFloatBuffer().get(values);
        return values;
    }

    private OnnxTensor tensor(Rows rows, InputField field) throws OrtException {
        int offset = signature.offset(field.name());
        int width = field.width();
        long[] shape = {rows.rowCount(), width};
        if (field.kind() == InputKind.TEXT) {
            String[] texts = new String[rows.rowCount()];
            for (int row = 0; row < texts.length; row++) {
                texts[row] = rows.texts()[row * signature.textWidth() + offset];
            }
            return OnnxTensor.createTensor(environment, texts, shape);
        }
        FloatBuffer numbers = FloatBuffer.allocate(rows.rowCount() * width);
        for (int row = 0; row < rows.rowCount(); row++) {
            numbers.put(rows.numbers(), row * signature.numberWidth() + offset, width);
        }
        return OnnxTensor.createTensor(environment, numbers.flip(), shape);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
