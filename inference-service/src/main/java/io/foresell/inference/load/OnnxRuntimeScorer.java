package io.foresell.inference.load;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
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
    private static final String OUTPUT = "probability"; // or the only output, as in the compiler
    private static final double LEAST_PROBABILITY = 1e-7; // keeps log-odds finite

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Signature signature;
    private final Background background;
    private final String output;

    private OnnxRuntimeScorer(
            OrtEnvironment environment, OrtSession session, Signature signature, Background background) {
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        this.background = background;
        this.output = session.getNumOutputs() == 1
                ? session.getOutputNames().iterator().next()
                : OUTPUT;
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
            requireNames(session, modelPackage.signature());
            return new OnnxRuntimeScorer(environment, session, modelPackage.signature(), modelPackage.background());
        } catch (OrtException e) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "onnxruntime: " + e.getMessage() + " (expected: a graph it runs)",
                    e);
        }
    }

    private static void requireNames(OrtSession session, Signature signature) throws OrtException {
        String problem = "";
        if (session.getNumOutputs() != 1 && !session.getOutputNames().contains(OUTPUT)) {
            problem = "outputs: %s (expected: %s)".formatted(session.getOutputNames(), OUTPUT);
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
    public String engine() {
        return "onnxruntime";
    }

    @Override
    public void score(Rows rows, float[] probabilities) {
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
                read(result.get(output).orElseThrow(), rows.rowCount(), probabilities);
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

    private static void read(OnnxValue output, int rowCount, float[] probabilities) {
        if (!(output instanceof OnnxTensor tensor)) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH, "output: %s (expected: a tensor)".formatted(output.getInfo()));
        }
        FloatBuffer values = tensor.getFloatBuffer();
        if (values == null || values.remaining() != rowCount) {
            throw new PackageException(
                    PackageException.Reason.BAD_GRAPH,
                    "output: %s for %d rows (expected: one float a row)".formatted(output.getInfo(), rowCount));
        }
        values.get(probabilities, 0, rowCount);
    }

    @Override
    public void contributions(Rows rows, int row, double[] perInput) {
        int inputCount = signature.inputs().size();
        Rows variants = occluded(rows, row);
        float[] probabilities = new float[inputCount + 1];
        score(variants, probabilities);
        double logOdds = logOdds(probabilities[inputCount]);
        for (int i = 0; i < inputCount; i++) {
            perInput[i] = logOdds - logOdds(probabilities[i]);
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

    private static double logOdds(double probability) {
        double p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
        return Math.log(p / (1 - p));
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
