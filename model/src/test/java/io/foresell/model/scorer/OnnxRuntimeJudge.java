package io.foresell.model.scorer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The independent engine that says what a graph means. */
public final class OnnxRuntimeJudge implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Signature signature;

    public OnnxRuntimeJudge(byte[] onnx, Signature signature) throws OrtException {
        this.signature = signature;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            this.session = environment.createSession(onnx, options);
        }
    }

    public float[] score(Rows rows) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (InputField field : signature.inputs()) {
                inputs.put(field.name(), tensor(rows, field));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                FloatBuffer answer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] probabilities = new float[rows.rowCount()];
                answer.get(probabilities);
                return probabilities;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** Returns the name if there is such an output, else that of the first one. */
    public String outputName(String preferred) {
        return session.getOutputNames().contains(preferred)
                ? preferred
                : session.getOutputNames().iterator().next();
    }

    /** Returns a whole output of floats, row-major, as ONNX Runtime computes it for all rows at once. */
    public float[] answers(Rows rows, String output) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (InputField field : signature.inputs()) {
                inputs.put(field.name(), tensor(rows, field));
            }
            try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
                FloatBuffer answer = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] floats = new float[answer.remaining()];
                answer.get(floats);
                return floats;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
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
