package io.foresell.training.fit;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** Scores rows with ONNX Runtime, the independent judge. */
public final class OnnxRuntimeJudge {
    private OnnxRuntimeJudge() {}

    /** Returns the first output of the graph, row-major. */
    public static float[] score(byte[] onnx, Signature signature, Rows rows) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(onnx, options)) {
                for (InputField field : signature.inputs()) {
                    inputs.put(field.name(), tensor(environment, signature, field, rows));
                }
                try (OrtSession.Result result = session.run(inputs)) {
                    FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
                    float[] answers = new float[output.remaining()];
                    output.get(answers);
                    return answers;
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Signature signature, InputField field, Rows rows)
            throws Exception {
        int offset = signature.offset(field.name());
        int count = rows.rowCount();
        if (field.kind() == InputKind.TEXT) {
            String[] texts = new String[count];
            for (int row = 0; row < count; row++) {
                texts[row] = rows.texts()[row * signature.textWidth() + offset];
            }
            return OnnxTensor.createTensor(environment, texts, new long[] {count, 1});
        }
        float[] numbers = new float[count * field.width()];
        for (int row = 0; row < count; row++) {
            System.arraycopy(
                    rows.numbers(),
                    row * signature.numberWidth() + offset,
                    numbers,
                    row * field.width(),
                    field.width());
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), new long[] {count, field.width()});
    }
}
