package io.foresell.training.fit.bayes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.graph.MissingEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TermWeights;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.WordsEncoding;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Parity;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class NaiveBayesFitterTest {
    private static final SplitPlan FIVE = new SplitPlan.KFold(5, SplitPlan.FoldBy.ROW_INDEX);

    private static FittedModel fit(TrainingFold fold, ClassWeights weights) {
        return NaiveBayes.DEFAULT.fitter(1).fit(FitRequest.of(fold, 1).weighted(weights));
    }

    private static Rows texts(String... texts) {
        return new Rows(texts.length, new float[0], texts);
    }

    @Test
    void categoriesCountBySmoothedFrequencies() throws Exception {
        TrainingFold fold =
                TrainingFold.all(Tables.of(new double[] {1, 1, 1, 0, 0}, Tables.texts("t", "a", "a", "b", "b", "b")));
        try (FittedModel model = fit(fold, ClassWeights.EQUAL)) {
            // P(1) = 3/5, P(a|1) = 3/5, P(a|0) = 1/4; P(b|1) = 2/5, P(b|0) = 3/4.
            double a = 3 * 0.6 / (3 * 0.6 + 2 * 0.25);
            double b = 3 * 0.4 / (3 * 0.4 + 2 * 0.75);
            Rows rows = texts("a", "b", "", "never seen");
            double[] answers = model.predict(rows);
            assertThat(answers[0]).isCloseTo(a, within(1e-12));
            assertThat(answers[1]).isCloseTo(b, within(1e-12));
            assertThat(answers[2]).isCloseTo(0.6, within(1e-12));
            assertThat(answers[3]).isCloseTo(0.6, within(1e-12));
            Parity.check(model, fold, rows);
        }
        try (FittedModel balanced = fit(fold, ClassWeights.BALANCED)) {
            assertThat(balanced.predict(texts(""))[0]).isCloseTo(0.5, within(1e-6));
        }
    }

    @Test
    void numbersCountByNormalDensities() throws Exception {
        TrainingFold fold = TrainingFold.all(
                Tables.of(List.of("x", "x", "x", "y", "y", "z", "z"), Tables.numbers("n", 1, 2, 3, 6, 8, 20, 21)));
        try (FittedModel model = fit(fold, ClassWeights.EQUAL)) {
            double[] joint = {
                3.0 / 7 * density(4, 2, 2 / 3.0), 2.0 / 7 * density(4, 7, 1), 2.0 / 7 * density(4, 20.5, 0.25)
            };
            double sum = joint[0] + joint[1] + joint[2];
            double[] answers = model.predict(new Rows(1, new float[] {4}, new String[0]));
            for (int k = 0; k < 3; k++) {
                assertThat(answers[k]).isCloseTo(joint[k] / sum, within(1e-5));
            }
            Parity.check(model, fold, new Rows(4, new float[] {4, -3, 9, Float.NaN}, new String[0]));
        }
    }

    private static double density(double x, double mean, double variance) {
        return Math.exp(-(x - mean) * (x - mean) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
    }

    @Test
    void constantColumnsAndClassesWithoutSpreadAreNoTrouble() throws Exception {
        TrainingFold fold = TrainingFold.all(Tables.of(
                new double[] {1, 1, 0, 0, 0},
                Tables.numbers("same", 5, 5, 5, 5, 5),
                Tables.numbers("one value per class", 2, 2, 3, 3, 3),
                Tables.texts("t", "a", "a", "a", "a", "a")));
        try (FittedModel model = fit(fold, ClassWeights.EQUAL)) {
            double[] answers = model.predict(fold.rows(model.signature()));
            assertThat(answers).containsExactly(1, 1, 0, 0, 0);
            Parity.check(model, fold, fold.rows(model.signature()));
        }
        TrainingFold nothing =
                TrainingFold.all(Tables.of(new double[] {1, 0, 0, 0}, Tables.numbers("same", 5, 5, 5, 5)));
        try (FittedModel model = fit(nothing, ClassWeights.EQUAL)) {
            assertThat(model.predict(nothing.rows(model.signature()))[0]).isCloseTo(0.25, within(1e-9));
        }
    }

    @Test
    void knowsWhatAColumnIsEvidenceOf() {
        Preprocessing preprocessing = new Preprocessing(List.of(
                NumberEncoding.raw("n"),
                new TextEncoding("t", List.of("a", "b")),
                new MissingEncoding(InputField.number("n")),
                new WordsEncoding("w", Map.of("good", 0, "bad", 1), TermWeights.counts(2))));
        ColumnKinds kinds = ColumnKinds.of(preprocessing);
        assertThat(kinds.numbers()).containsExactly(0);
        assertThat(kinds.groups()).containsExactly(List.of(1, 2), List.of(4, 5));
        assertThat(kinds.indicators()).containsExactly(3);
    }

    @Test
    void agreesWithScikitLearnOnRealRows() throws Exception {
        // GaussianNB on the numbers and CategoricalNB(alpha=1) on the texts, added up, scikit-learn 1.9.1.
        Fold churn = Splitter.split(TelcoChurn.read(), FIVE, 0).get(0);
        assertThat(logLoss(churn)).isCloseTo(1.1229711, within(1e-4));
        Fold contracts = Splitter.split(TelcoChurn.about("Contract"), FIVE, 0).get(0);
        assertThat(logLoss(contracts)).isCloseTo(0.9792722, within(1e-4));
    }

    /** Returns the log-loss of held-out rows, after a check of parity. */
    private static double logLoss(Fold fold) throws Exception {
        try (FittedModel model = fit(fold.training(), ClassWeights.EQUAL)) {
            Rows rows = fold.heldOut().rows(model.signature());
            Parity.check(model, fold.training(), rows);
            double[] answers = model.predict(rows);
            int width = model.answer().width();
            double[] labels = fold.heldOut().labels();
            double sum = 0;
            for (int row = 0; row < labels.length; row++) {
                double p = width == 1 ? answers[row] : answers[row * width + (int) labels[row]];
                sum -= Math.log(width == 1 && labels[row] == 0 ? 1 - p : p);
            }
            return sum / labels.length;
        }
    }

    @Test
    void stopsWhenCancelled() {
        TrainingFold fold = TrainingFold.all(Tables.of(new double[] {1, 0}, Tables.numbers("x", 1, 2)));
        assertThatThrownBy(() ->
                        NaiveBayes.DEFAULT.fitter(1).fit(FitRequest.of(fold, 1).until(() -> true)))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> new NaiveBayes(0, 0)).hasMessageContaining("smoothing");
    }
}
