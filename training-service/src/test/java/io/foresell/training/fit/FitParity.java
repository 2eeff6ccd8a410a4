package io.foresell.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import java.util.Arrays;
import java.util.Random;

/**
 * The compiled scorer, ONNX Runtime and the fitted model answer alike on held-out rows, a third of whose values were taken away or
 * replaced by texts that training never saw.
 */
public final class FitParity {
    private static final SplitPlan PLAN = new SplitPlan.Entity(0.3);

    private FitParity() {}

    /** Fits on most rows of a set and compares the answers to the others, relative to answers beyond 1. */
    public static void requireParity(TrainingSet set, Algorithm algorithm, ClassWeights weights) throws Exception {
        Fold fold = Splitter.split(set, PLAN, 5).get(0);
        FitRequest request = FitRequest.of(fold.training(), 11).weighted(weights);
        try (FittedModel model = algorithm.fitter(2).fit(request)) {
            Signature signature = model.signature();
            Rows rows = damaged(fold.heldOut().rows(signature));
            double[] expected = model.predict(rows);
            byte[] onnx = model.onnx();
            Background background = Background.of(signature, fold.training().rows(signature));
            Scorer scorer = ScorerCompiler.compile(onnx, signature, model.answer(), background);
            float[] actual = new float[expected.length];
            scorer.score(rows, actual);
            float[] judged = OnnxRuntimeJudge.score(onnx, signature, rows);

            double greatest = 0;
            for (int i = 0; i < actual.length; i++) {
                double unit = Math.max(1, Math.abs(expected[i]));
                greatest = Math.max(greatest, Math.abs(actual[i] - expected[i]) / unit);
                greatest = Math.max(greatest, Math.abs(judged[i] - expected[i]) / unit);
            }
            assertThat(greatest).isLessThanOrEqualTo(model.parityTolerance());
            assertThat(expected)
                    .hasSize(rows.rowCount() * model.answer().width())
                    .doesNotContain(Double.NaN);
            assertThat(Arrays.stream(expected).distinct().count()).isGreaterThan(4);
        }
    }

    private static Rows damaged(Rows rows) {
        Random random = new Random(3);
        float[] numbers = rows.numbers().clone();
        String[] texts = rows.texts().clone();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(3) == 0 ? Float.NaN : numbers[i];
        }
        for (int i = 0; i < texts.length; i++) {
            int chance = random.nextInt(6);
            texts[i] = chance == 0 ? "" : chance == 1 ? "never seen" : texts[i];
        }
        return new Rows(rows.rowCount(), numbers, texts);
    }
}
