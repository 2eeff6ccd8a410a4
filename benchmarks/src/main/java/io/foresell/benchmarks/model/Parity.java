package io.foresell.benchmarks.model;

import io.foresell.model.scorer.Scorer;
import java.util.Arrays;

/** No time is worth anything where answers differ. */
final class Parity {
    static final double TOLERANCE = 1e-5;

    private static final int ADDED_UP_ROWS = 64;

    private Parity() {}

    /** Throws when an answer of the engine differs from the expected one of the model. */
    static void require(TestedModel model, Engine engine, int batchRows) {
        float[] expected = model.expected();
        for (int batch = 0; batch < expected.length / batchRows; batch++) {
            float[] answers = engine.score(batch);
            for (int i = 0; i < batchRows; i++) {
                int row = batch * batchRows + i;
                if (!(Math.abs(answers[i] - expected[row]) <= TOLERANCE)) {
                    throw new IllegalStateException("%s row %d: %s by %s (expected: %s +-%s by ONNX Runtime)"
                            .formatted(
                                    model.family(),
                                    row,
                                    answers[i],
                                    engine.getClass().getSimpleName(),
                                    expected[row],
                                    TOLERANCE));
                }
            }
        }
    }

    /** Throws when base and contributions of one of the first rows do not add up to the log-odds of its expected answer. */
    static void requireAdditive(TestedModel model, Scorer scorer) {
        double[] contributions = new double[model.signature().inputs().size()];
        for (int row = 0; row < ADDED_UP_ROWS; row++) {
            scorer.contributions(model.rows(), row, 0, contributions);
            double logOdds = scorer.base(0) + Arrays.stream(contributions).sum();
            double answer = 1 / (1 + Math.exp(-logOdds));
            if (!(Math.abs(answer - model.expected()[row]) <= TOLERANCE)) {
                throw new IllegalStateException("%s row %d: contributions add up to %s (expected: %s +-%s)"
                        .formatted(model.family(), row, answer, model.expected()[row], TOLERANCE));
            }
        }
    }
}
