package io.foresell.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.pack.ScorerFactory;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a graph in ONNX Runtime: every operator, slower than compiled code, and it allocates. Contributions are not additive: each
 * input is replaced alone (see {@link Occlusion}). Thread-safe. The native session ends at {@link #close}, or when no request can
 * reach the scorer any more.
 */
public final class OnnxRuntimeScorer implements Scorer, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OnnxRuntimeScorer.class);
    private static final Duration LONGEST_RUN = Duration.ofSeconds(10); // of a graph with loops
    private static final Cleaner CLEANER = Cleaner.create();

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Cleaner.Cleanable end;
    private final Signature signature;
    private final List<InputTensor> inputs;
    private final AnswerTensor output;
    private final Occlusion occlusion;
    private final @Nullable RunLimit limit; // null: the graph has no loops
    private final boolean isOneRowARun; // exported with a batch of exactly 1

    private OnnxRuntimeScorer(
            OrtEnvironment environment,
            OrtSession session,
            Signature signature,
            Answer answer,
            Background background,
            @Nullable RunLimit limit)
            throws OrtException {
        this.limit = limit;
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        this.inputs = InputTensor.all(session.getInputInfo(), signature);
        this.output = AnswerTensor.of(session.getOutputInfo(), answer);
        this.occlusion = new Occlusion(signature, answer, background);
        this.isOneRowARun = inputs.stream().anyMatch(InputTensor::isOneRow);
        this.end = CLEANER.register(this, new SessionEnd(session));
    }

    /** Returns the version of ONNX Runtime. */
    public static String version() {
        return OrtEnvironment.getEnvironment().getVersion();
    }

    /** Makes a factory of scorers with so many threads inside one run each, 1 or more. */
    public static ScorerFactory factory(int threadCount) {
        return read -> open(read.onnx(), read.signature(), read.answer(), read.background(), threadCount);
    }

    /**
     * Opens a session.
     *
     * @param threadCount threads inside one run, 1 or more; with 1 the session has none of its own
     * @throws PackageException BAD_GRAPH when ONNX Runtime refuses the graph, or its inputs and outputs do not fit
     */
    public static OnnxRuntimeScorer open(
            byte[] onnx, Signature signature, Answer answer, Background background, int threadCount) {
        return open(onnx, signature, answer, background, threadCount, LONGEST_RUN);
    }

    static OnnxRuntimeScorer open(
            byte[] onnx,
            Signature signature,
            Answer answer,
            Background background,
            int threadCount,
            Duration longestRun) {
        background.requireShape(signature);
        RunLimit limit = RunLimit.isNeeded(onnx) ? new RunLimit(longestRun) : null;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threadCount);
            options.setInterOpNumThreads(1);
            // Spinning threads would take whole cores from the network threads.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = session(environment, onnx, options);
            try {
                return new OnnxRuntimeScorer(environment, session, signature, answer, background, limit);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw refused(e);
        }
    }

    private static OrtSession session(OrtEnvironment environment, byte[] onnx, OrtSession.SessionOptions options)
            throws OrtException {
        try {
            return environment.createSession(onnx, options);
        } catch (OrtException e) {
            if (TextLocale.isMissing(String.valueOf(e.getMessage()))) {
                return environment.createSession(TextLocale.neutral(onnx), options);
            }
            throw e;
        }
    }

    private static PackageException refused(OrtException cause) {
        return new PackageException(
                PackageException.Reason.BAD_GRAPH,
                "onnxruntime: %s (expected: a graph it runs)".formatted(cause.getMessage()),
                cause);
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Answer answer() {
        return output.answer();
    }

    @Override
    public String engine() {
        return "onnxruntime";
    }

    /**
     * Scores all rows.
     *
     * @throws PackageException BAD_GRAPH when the graph fails on rows of the right shape
     */
    @Override
    public void score(Rows rows, float[] answers) {
        rows.requireShape(signature);
        if (!isOneRowARun) {
            run(rows, 0, rows.rowCount(), answers);
            return;
        }
        for (int row = 0; row < rows.rowCount(); row++) {
            run(rows, row, 1, answers);
        }
    }

    private void run(Rows rows, int firstRow, int rowCount, float[] answers) {
        if (rowCount == 0) {
            return;
        }
        Map<String, OnnxTensor> tensors = new HashMap<>();
        try {
            for (InputTensor input : inputs) {
                tensors.put(input.name(), input.of(environment, rows, firstRow, rowCount));
            }
            Set<String> outputs = Set.of(output.name());
            try (OrtSession.Result result =
                    limit == null ? session.run(tensors, outputs) : limit.run(session, tensors, outputs)) {
                OnnxValue value = result.get(0);
                output.read(value, rowCount, answers, firstRow * output.answer().width());
            }
        } catch (OrtException e) {
            throw refused(e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
            Reference.reachabilityFence(this); // the cleaner must not end the session under a running call
        }
    }

    @Override
    public void contributions(Rows rows, int row, int target, double[] perInput) {
        rows.requireShape(signature);
        if (row < 0 || row >= rows.rowCount() || perInput.length != inputs.size()) {
            throw new IllegalArgumentException("contributions of row %d into %d places (expected: row 0..%d, %d places)"
                    .formatted(row, perInput.length, rows.rowCount() - 1, inputs.size()));
        }
        if (target < 0 || target >= output.answer().width()) {
            throw new IllegalArgumentException("target: %d (expected: 0..%d)"
                    .formatted(target, output.answer().width() - 1));
        }
        Rows variants = occlusion.variants(rows, row);
        float[] answers = new float[variants.rowCount() * output.answer().width()];
        score(variants, answers);
        occlusion.contributions(answers, target, perInput);
    }

    /** Ends the native session; the caller makes sure that nobody scores any more. Closing again changes nothing. */
    @Override
    public void close() {
        end.clean();
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
