package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.LinearModel;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.graph.TextEncoding;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContributionsTest {
    private static final List<String> CONTRACTS = List.of("Month-to-month", "Two year");

    private static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void linearContributionIsCoefficientTimesDistanceFromTheMean() {
        Preprocessing preprocessing = new Preprocessing(
                List.of(NumberEncoding.standardized("tenure", 20, 10), new TextEncoding("contract", CONTRACTS)));
        byte[] onnx = ModelGraph.write(
                preprocessing, LinearModel.of(new double[] {-0.8, 0.5, -1.5}, 0.2), Head.binary(Calibration.NONE));
        Rows training = new Rows(
                4, new float[] {10, 20, 30, 20}, new String[] {"Month-to-month", "Month-to-month", "Two year", ""});
        Background background = Background.of(preprocessing.signature(), training);
        Scorer scorer = ScorerCompiler.compile(onnx, preprocessing.signature(), Answer.binary(), background);
        double[] terms = new double[2];

        scorer.contributions(new Rows(1, new float[] {35}, new String[] {"Two year"}), 0, 0, terms);

        // (35 - 20) / 10 standard deviations; mean of the one-hot part is 0.5 * 0.5 + 0.25 * -1.5.
        assertThat(terms[0]).isCloseTo(-0.8 * 1.5, within(1e-6));
        assertThat(terms[1]).isCloseTo(-1.5 - (0.5 * 0.5 - 0.25 * 1.5), within(1e-6));
        assertThat(scorer.base(0)).isCloseTo(0.2 + 0.5 * 0.5 - 0.25 * 1.5, within(1e-6));
    }

    @Test
    void linearAndTreeContributionsAddUpToTheLogOdds() {
        for (int seed = 0; seed < 30; seed++) {
            RandomModels models = new RandomModels(seed);
            boolean isTree = seed % 2 == 0;
            Preprocessing preprocessing = models.tabular(isTree);
            Signature signature = preprocessing.signature();
            byte[] onnx = isTree ? models.trees(preprocessing, 20, 6) : models.logistic(preprocessing);
            Rows rows = models.rows(signature, 50, 3);
            Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.of(signature, rows));
            float[] probabilities = new float[rows.rowCount()];
            scorer.score(rows, probabilities);
            double[] terms = new double[signature.inputs().size()];
            for (int row = 0; row < rows.rowCount(); row++) {
                scorer.contributions(rows, row, 0, terms);
                double expected = logOdds(probabilities[row]);
                // The probability is a float: its log-odds are known to about 1e-7 / (p * (1 - p)).
                double tolerance = 1e-5 + 2e-7 / (probabilities[row] * (1 - probabilities[row]));
                assertThat(scorer.base(0) + sum(terms))
                        .as("seed %d row %d", seed, row)
                        .isCloseTo(expected, within(tolerance));
            }
        }
    }

    @Test
    void networkContributionIsWhatTheBackgroundValueWouldChange() {
        RandomModels models = new RandomModels(7);
        Preprocessing preprocessing = models.sequences(2, 10);
        Signature signature = preprocessing.signature();
        Rows rows = models.rows(signature, 40, 2);
        Background background = Background.of(signature, rows);
        Scorer scorer =
                ScorerCompiler.compile(models.convolution(preprocessing), signature, Answer.binary(), background);
        double[] terms = new double[signature.inputs().size()];
        float[] probability = new float[1];

        scorer.contributions(rows, 0, 0, terms);

        int place = signature.offset("weekly1");
        float[] numbers = Arrays.copyOf(rows.numbers(), signature.numberWidth());
        String[] texts = Arrays.copyOf(rows.texts(), signature.textWidth());
        Rows original = new Rows(1, numbers.clone(), texts);
        for (int step = place; step < place + 10; step++) {
            numbers[step] = background.numbers().get(step);
        }
        scorer.score(original, probability);
        double before = logOdds(probability[0]);
        scorer.score(new Rows(1, numbers, texts), probability);
        assertThat(terms[signature.indexOf("weekly1")]).isCloseTo(before - logOdds(probability[0]), within(1e-5));
        assertThat(scorer.base(0)).isNaN();
    }

    @Test
    void refusesRowsOfAnotherShape() {
        RandomModels models = new RandomModels(3);
        Preprocessing preprocessing = models.tabular(false);
        Signature signature = preprocessing.signature();
        Scorer scorer = ScorerCompiler.compile(
                models.logistic(preprocessing), signature, Answer.binary(), Background.missing(signature));
        Rows wide = new Rows(1, new float[signature.numberWidth() + 1], new String[signature.textWidth()]);
        assertThatThrownBy(() -> scorer.score(wide, new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: %d numbers".formatted(signature.numberWidth()));
    }
}
