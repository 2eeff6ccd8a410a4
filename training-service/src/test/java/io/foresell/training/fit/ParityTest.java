package io.foresell.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The compiled scorer, ONNX Runtime and the training library answer alike on held-out rows, a third of whose values were
 * taken away or replaced by texts that training never saw.
 */
final class ParityTest {
    private static final SplitPlan PLAN = new SplitPlan.Entity(0.3);

    @Test
    void logisticRegressionOnRealRows() throws Exception {
        assertParity(TelcoChurn.read(), LogisticRegression.DEFAULT);
    }

    @Test
    void boostedTreesOnRealRows() throws Exception {
        assertParity(TelcoChurn.read(), new BoostedTrees(60, 0.2, 6, 0, 1, 0.8, 0.8, 1));
    }

    @Test
    void logisticRegressionOnSequences() throws Exception {
        assertParity(PlantedSequences.of(400, 9, 2), LogisticRegression.DEFAULT);
    }

    @Test
    void leafwiseTreesOnSequences() throws Exception {
        assertParity(PlantedSequences.of(400, 9, 2), new BoostedTrees(40, 0.3, 10, 12, 0, 1, 1, 0));
    }

    @Test
    void convolutionsWithEvenAndOddKernels() throws Exception {
        assertParity(PlantedSequences.of(200, 9, 2), new SequenceNetwork(NetworkKind.CONV1D, 6, 4, 2, 32, 0.01));
        assertParity(PlantedSequences.of(200, 9, 3), new SequenceNetwork(NetworkKind.CONV1D, 5, 3, 2, 32, 0.01));
    }

    @Test
    void recurrentNetwork() throws Exception {
        assertParity(PlantedSequences.of(200, 9, 2), new SequenceNetwork(NetworkKind.LSTM, 6, 3, 2, 32, 0.02));
    }

    private static void assertParity(TrainingSet set, Algorithm parameters) throws Exception {
        Fold fold = Splitter.split(set, PLAN, 5).get(0);
        try (FittedModel model = parameters.fitter(1).fit(FitRequest.of(fold.training(), 11))) {
            Signature signature = model.signature();
            Rows rows = damaged(fold.heldOut().rows(signature));
            double[] expected = model.predict(rows);
            byte[] onnx = model.onnx();
            Scorer scorer = ScorerCompiler.compile(
                    onnx,
                    signature,
                    Answer.binary(),
                    Background.of(signature, fold.training().rows(signature)));
            float[] actual = new float[rows.rowCount()];
            scorer.score(rows, actual);
            float[] judged = OnnxRuntimeJudge.score(onnx, signature, rows);

            double greatest = 0;
            for (int row = 0; row < actual.length; row++) {
                greatest = Math.max(greatest, Math.abs(actual[row] - expected[row]));
                greatest = Math.max(greatest, Math.abs(judged[row] - expected[row]));
            }
            assertThat(greatest).isLessThanOrEqualTo(model.parityTolerance());
            assertThat(expected).doesNotContain(Double.NaN);
            assertThat(java.util.Arrays.stream(expected).distinct().count()).isGreaterThan(10);
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
