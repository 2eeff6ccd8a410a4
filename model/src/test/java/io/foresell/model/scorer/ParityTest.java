package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The compiled scorer answers as ONNX Runtime does, on random models of every family and rows of every sort. */
class ParityTest {
    private static final float TOLERANCE = 1e-5f;

    @Test
    void logistic() throws OrtException {
        check(40, 1e4f, (models, seed) -> {
            Preprocessing preprocessing = models.tabular(false);
            return new Model(preprocessing.signature(), models.logistic(preprocessing));
        });
    }

    @Test
    void trees() throws OrtException {
        check(40, 1e4f, (models, seed) -> {
            Preprocessing preprocessing = models.tabular(true);
            return new Model(preprocessing.signature(), models.trees(preprocessing, 1 + seed * 3, seed % 8));
        });
    }

    @Test
    void convolution() throws OrtException {
        check(25, 30, (models, seed) -> {
            Preprocessing preprocessing = models.sequences(1 + seed % 4, 8 + seed);
            return new Model(preprocessing.signature(), models.convolution(preprocessing));
        });
    }

    @Test
    void lstm() throws OrtException {
        check(25, 30, (models, seed) -> {
            Preprocessing preprocessing = models.sequences(1 + seed % 4, 2 + 2 * seed);
            return new Model(preprocessing.signature(), models.lstm(preprocessing));
        });
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Model(Signature signature, byte[] onnx) {}

    private interface Draw {
        Model draw(RandomModels models, int seed);
    }

    private static void check(int seeds, float largest, Draw family) throws OrtException {
        int varied = 0;
        for (int seed = 0; seed < seeds; seed++) {
            RandomModels models = new RandomModels(seed);
            Model model = family.draw(models, seed);
            Rows rows = models.rows(model.signature(), 1000, largest);
            float[] actual = check("seed " + seed, rows, model);
            varied += Arrays.stream(toDoubles(actual)).distinct().count() > 1 ? 1 : 0;
        }
        // A few random models are constant (a lone leaf, dead units); most must not be.
        assertThat(varied).isGreaterThan(seeds * 3 / 4);
    }

    private static float[] check(String name, Rows rows, Model model) throws OrtException {
        Signature signature = model.signature();
        Scorer scorer = ScorerCompiler.compile(model.onnx(), signature, Answer.binary(), Background.missing(signature));
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(model.onnx(), signature)) {
            float[] expected = judge.score(rows);
            float[] actual = new float[rows.rowCount()];
            scorer.score(rows, actual);
            for (int row = 0; row < actual.length; row++) {
                assertThat(actual[row]).as("%s row %d", name, row).isCloseTo(expected[row], within(TOLERANCE));
            }
            for (int row = 0; row < 20; row++) {
                Rows single = single(rows, row, signature);
                float[] alone = new float[1];
                scorer.score(single, alone);
                assertThat(alone[0]).isEqualTo(actual[row]);
                assertThat(alone[0])
                        .as("%s row %d alone", name, row)
                        .isCloseTo(judge.score(single)[0], within(TOLERANCE));
            }
            return actual;
        }
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static Rows single(Rows rows, int row, Signature signature) {
        int numbers = signature.numberWidth();
        int texts = signature.textWidth();
        return new Rows(
                1,
                Arrays.copyOfRange(rows.numbers(), row * numbers, (row + 1) * numbers),
                Arrays.copyOfRange(rows.texts(), row * texts, (row + 1) * texts));
    }
}
