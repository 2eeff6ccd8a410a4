package io.foresell.inference.load;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs graphs that do not compile in ONNX Runtime; slower, and it allocates. Contributions are by occlusion: the change of the
 * log-odds when one input alone is replaced by its background value. The native session ends when no request can reach the
 * scorer any more.
 */
final class OnnxRuntimeScorer implements Scorer {
    private static final Logger log = LoggerFactory.getLogger(OnnxRuntimeScorer.class);
    private static final Cleaner CLEANER = Cleaner.create();
    private static final double LEAST_PROBABILITY = 1e-7; // keeps log-odds finite

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Signature signature;
    private final Answer answer;
    private final Background background;
    private final String output; // the one the answer names, or the only one, as in the compiler

    private OnnxRuntimeScorer(OrtEnvironment environment, OrtSession session, ModelPackage modelPackage) {
        this.environment = environment;
        this.session = session;
        this.signature = modelPackage.signature();
        this.answer = modelPackage.answer();
        this.background = modelPackage.background();
        this.output = session.getNumOutputs() == 1
                ? session.getOutputNames().iterator().next()
                : answer.output();
        CLEANER.register(this, new SessionEnd(session));
    }

    /**
     * Opens a session.
     *
     * @param threadCount threads inside one run, 1 or more
     * @throws PackageException BAD_GRAPH when ONNX Runtime refuses the graph
     */
    static OnnxRuntimeScorer open(ModelPackage modelPackage, int threadCount) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threadCount);
            options.setInterOpNumThreads(1);
            // Spinning threads would take whole cores from the network threads.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = environment.createSession(modelPackage.onnx(), options);
            requireNames(session, modelPackage.signature(), modelPackage.answer());
            return new OnnxRuntimeScorer(environment, session, modelPackage);
        } catch (OrtException e) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "onnxruntime: " + e.getMessage() + " (expected: a graph it runs)",
                    e);
        }
    }

    private static void requireNames(OrtSession session, Signature signature, Answer answer) throws OrtException {
        String problem = "";
        if (session.getNumOutputs() != 1 && !session.getOutputNames().contains(answer.output())) {
            problem = "outputs: %s (expected: %s)".formatted(session.getOutputNames(), answer.output());
        }
        for (InputField field : signature.inputs()) {
            if (!session.getInputNames().contains(field.name())) {
                problem = "inputs: no '%s' (expected: every input of the manifest)".formatted(field.name());
            }
        }
        if (!problem.isEmpty()) {
            session.close();
            throw new PackageException(PackageException.Reason.BAD_GRAPH, problem);
        }
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return answer;
    }

    @Override
    public String engine() {
        return "onnxruntime";
    }

    @Override
    public void score(Rows rows, float[] answers) {
        if (rows.rowCount() == 0) {
            return;
        }
        rows.requireShape(signature);
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (int i = 0; i < signature.inputs().size(); i++) {
                InputField field = signature.inputs().get(i);
                inputs.put(field.name(), tensor(rows, field, signature.offset(i)));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                read(result.get(output).orElseThrow(), rows.rowCount(), answers);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("onnxruntime failed on rows of the right shape", e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
            Reference.reachabilityFence(this); // the cleaner must not end the session under a running call
        }
    }

    private OnnxTensor tensor(Rows rows, InputField field, int offset) throws OrtException {
        long[] shape = {rows.rowCount(), field.width()};
        if (field.kind() == InputKind.TEXT) {
            String[] column = new String[rows.rowCount()];
            for (int row = 0; row < column.length; row++) {
                column[row] = rows.texts()[row * signature.textWidth() + offset];
            }
            return OnnxTensor.createTensor(environment, column, shape);
        }
        float[] column = new float[rows.rowCount() * field.width()];
        for (int row = 0; row < rows.rowCount(); row++) {
            System.arraycopy(
                    rows.numbers(), row * signature.numberWidth() + offset, column, row * field.width(), field.width());
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(column), shape);
    }

    private void read(OnnxValue output, int rowCount, float[] answers) {
        if (!(output instanceof OnnxTensor tensor)) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH, "output: %s (expected: a tensor)".formatted(output.getInfo()));
        }
        FloatBuffer values = tensor.getFloatBuffer();
        int rowWidth = values == null ? 0 : values.remaining() / rowCount;
        if (values == null
                || values.remaining() != rowCount * rowWidth
                || rowWidth < answer.firstColumn() + answer.width()) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "output: %s for %d rows (expected: %d floats a row from column %d on)"
                            .formatted(output.getInfo(), rowCount, answer.width(), answer.firstColumn()));
        }
        for (int row = 0; row < rowCount; row++) {
            values.get(row * rowWidth + answer.firstColumn(), answers, row * answer.width(), answer.width());
        }
    }

    @Override
    public void contributions(Rows rows, int row, int target, double[] perInput) {
        int inputCount = signature.inputs().size();
        Rows variants = occluded(rows, row);
        float[] answers = new float[(inputCount + 1) * answer.width()];
        score(variants, answers);
        double value = explained(answers[inputCount * answer.width() + target]);
        for (int i = 0; i < inputCount; i++) {
            perInput[i] = value - explained(answers[i * answer.width() + target]);
        }
    }

    /** Returns the row once per input with that input replaced, and the row as it is at the end. */
    private Rows occluded(Rows rows, int row) {
        int inputCount = signature.inputs().size();
        int numberWidth = signature.numberWidth();
        int textWidth = signature.textWidth();
        float[] numbers = new float[(inputCount + 1) * numberWidth];
        String[] texts = new String[(inputCount + 1) * textWidth];
        for (int i = 0; i <= inputCount; i++) {
            System.arraycopy(rows.numbers(), row * numberWidth, numbers, i * numberWidth, numberWidth);
            System.arraycopy(rows.texts(), row * textWidth, texts, i * textWidth, textWidth);
        }
        for (int i = 0; i < inputCount; i++) {
            InputField field = signature.inputs().get(i);
            int offset = signature.offset(i);
            if (field.kind() == InputKind.TEXT) {
                texts[i * textWidth + offset] = background.texts().get(offset);
            } else {
                for (int step = offset; step < offset + field.width(); step++) {
                    numbers[i * numberWidth + step] = background.numbers().get(step);
                }
            }
        }
        return new Rows(inputCount + 1, numbers, texts);
    }

    private double explained(double value) {
        double p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, value));
        return switch (answer.task()) {
            case BINARY -> Math.log(p / (1 - p));
            case MULTICLASS -> Math.log(p);
            case REGRESSION, CLUSTERS, RANKING -> value;
        };
    }

    /** Ends a native session; knows nothing that would keep the scorer alive. */
    private record SessionEnd(OrtSession session) implements Runnable {
        @Override
        public void run() {
            try {
                session.close();
            } catch (OrtException e) {
                log.warn("onnxruntime session not closed", e);
            }
        }
    }
}
