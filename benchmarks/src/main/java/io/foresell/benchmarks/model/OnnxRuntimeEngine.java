package io.foresell.benchmarks.model;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX Runtime at its best: one thread that never hands work over, every optimisation, all input tensors made before
 * timing (numbers in direct buffers, so that nothing is copied), the answer written into a buffer that is reused.
 */
final class OnnxRuntimeEngine implements Engine {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final List<Map<String, OnnxTensor>> batches = new ArrayList<>();
    private final FloatBuffer answerBuffer;
    private final Map<String, OnnxTensor> outputs;
    private final float[] answers;

    OnnxRuntimeEngine(TestedModel model, int batchRows) {
        try {
            this.session = open(environment, model.runtimeOnnx());
            for (int from = 0; from < model.rows().rowCount(); from += batchRows) {
                batches.add(inputs(model, RandomRows.slice(model.rows(), model.signature(), from, batchRows)));
            }
            this.answerBuffer = direct(batchRows);
            String output = session.getOutputNames().iterator().next();
            this.outputs =
                    Map.of(output, OnnxTensor.createTensor(environment, answerBuffer, new long[] {batchRows, 1}));
            this.answers = new float[batchRows];
        } catch (OrtException e) {
            throw new IllegalStateException("onnx runtime does not load " + model.family(), e);
        }
    }

    private static OrtSession open(OrtEnvironment environment, byte[] onnx) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return environment.createSession(onnx, options);
        }
    }

    private Map<String, OnnxTensor> inputs(TestedModel model, Rows rows) throws OrtException {
        Map<String, OnnxTensor> tensors = new HashMap<>();
        if (model.hasOneTensor()) {
            String name = session.getInputNames().iterator().next();
            tensors.put(name, numbers(rows.numbers(), model.tensorShape(rows.rowCount())));
            return tensors;
        }
        for (InputField field : model.signature().inputs()) {
            long[] shape = {rows.rowCount(), field.width()};
            tensors.put(
                    field.name(),
                    field.kind() == InputKind.TEXT
                            ? OnnxTensor.createTensor(
                                    environment, RandomRows.texts(rows, model.signature(), field), shape)
                            : numbers(RandomRows.numbers(rows, model.signature(), field), shape));
        }
        return tensors;
    }

    private OnnxTensor numbers(float[] values, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(
                environment, direct(values.length).put(values).flip(), shape);
    }

    private static FloatBuffer direct(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public float[] score(int batch) {
        try {
            session.run(batches.get(batch), outputs).close(); // Leaves the reused output open.
            answerBuffer.get(0, answers);
            return answers;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        batches.forEach(batch -> batch.values().forEach(OnnxTensor::close));
        outputs.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
