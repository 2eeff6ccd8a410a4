package io.foresell.training.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.calibrate.CalibrationPlan.Choice;
import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.tree.BoostedTrees;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is calibrated in double precision is what the compiled graph answers. */
final class CalibratedFitterTest {
    private static final Fitter TREES = new BoostedTrees(30, 0.3, 3, 0, 1, 1, 1, 1).fitter(1);
    private static final Fitter LOGISTIC = LogisticRegression.DEFAULT.fitter(1);

    @Test
    void theGraphAnswersWhatTheCalibrationSays() {
        TrainingFold fold = TrainingFold.all(customers(1500, false));
        for (Fitter fitter : List.of(TREES, LOGISTIC)) {
            for (Choice choice : Choice.values()) {
                try (FittedModel model = CalibratedFitter.of(fitter, new CalibrationPlan(choice, 3))
                        .fit(FitRequest.of(fold, 5))) {
                    Rows rows = fold.rows(model.signature());
                    Scorer scorer = compiled(model, rows);
                    float[] answers = new float[rows.rowCount()];
                    scorer.score(rows, answers);
                    double[] expected = model.predict(rows);
                    for (int row = 0; row < answers.length; row++) {
                        assertThat((double) answers[row])
                                .as("%s, row %d", choice, row)
                                .isCloseTo(expected[row], within(model.parityTolerance()));
                    }
                }
            }
        }
    }

    @Test
    void aLineThroughLogOddsKeepsContributionsExact() {
        TrainingFold fold = TrainingFold.all(customers(800, false));
        try (FittedModel model =
                CalibratedFitter.of(TREES, new CalibrationPlan(Choice.PLATT, 3)).fit(FitRequest.of(fold, 5))) {
            assertThat(model.calibration()).isEqualTo("platt");
            Rows rows = fold.rows(model.signature());
            Scorer scorer = compiled(model, rows);
            double[] contributions = new double[model.signature().inputs().size()];
            scorer.contributions(rows, 3, 0, contributions);
            float[] answers = new float[rows.rowCount()];
            scorer.score(rows, answers);
            double sum = scorer.base(0) + Arrays.stream(contributions).sum();
            assertThat(LogOdds.sigmoid(sum)).isCloseTo(answers[3], within(1e-4));
        }
    }

    /** Deep trees on few rows are far too sure of themselves. */
    @Test
    void mendsAModelThatIsTooSure() {
        TrainingFold fold = TrainingFold.all(customers(600, false));
        HeldOutRows fresh = HeldOutRows.all(customers(1500, true));
        Fitter deep = new BoostedTrees(60, 0.5, 8, 0, 0, 1, 1, 0).fitter(1);

        double before = logLoss(CalibratedFitter.of(deep, CalibrationPlan.NONE), fold, fresh);
        double after = logLoss(CalibratedFitter.of(deep, new CalibrationPlan(Choice.AUTO, 5)), fold, fresh);

        assertThat(after).isLessThan(before - 0.1);
    }

    private static double logLoss(Fitter fitter, TrainingFold fold, HeldOutRows fresh) {
        try (FittedModel model = fitter.fit(FitRequest.of(fold, 5))) {
            double[] answers = model.predict(fresh.rows(model.signature()));
            double[] labels = fresh.labels();
            double sum = 0;
            for (int row = 0; row < answers.length; row++) {
                double p = labels[row] == 1 ? answers[row] : 1 - answers[row];
                sum -= Math.log(Math.max(1e-15, p));
            }
            return sum / answers.length;
        }
    }

    @Test
    void innerFoldsHoldEachRowBackOnceAndKeepEntitiesTogether() {
        TrainingFold fold = TrainingFold.all(customers(600, true));
        List<TrainingFold.Parts> parts = fold.innerFolds(4, 9);

        assertThat(parts).hasSize(4);
        assertThat(parts.stream()
                        .flatMapToInt(part -> Arrays.stream(part.heldBack().rowIndexes()))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, 600).toArray());
        for (TrainingFold.Parts part : parts) {
            assertThat(part.fitted().rowCount() + part.heldBack().rowCount()).isEqualTo(600);
            assertThat(part.heldBack().meanLabel()).isCloseTo(fold.meanLabel(), within(0.08));
            assertThat(entities(part.fitted())).doesNotContainAnyElementsOf(entities(part.heldBack()));
        }
    }

    private static List<Integer> entities(TrainingFold fold) {
        return Arrays.stream(fold.rowIndexes())
                .map(row -> row / 3)
                .distinct()
                .boxed()
                .toList();
    }

    @Test
    void refusesAPlanThatCannotBe() {
        assertThatThrownBy(() -> new CalibrationPlan(Choice.AUTO, 1))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("1 (expected: 2..20)");
    }

    private static Scorer compiled(FittedModel model, Rows rows) {
        return ScorerCompiler.compile(
                model.onnx(), model.signature(), model.answer(), Background.of(model.signature(), rows));
    }

    /** Visits and a plan decide the log-odds; three rows of one entity when wanted. */
    private static TrainingSet customers(int count, boolean isRepeated) {
        Random random = new Random(isRepeated ? 12 : 11);
        double[] visits = new double[count];
        int[] plans = new int[count];
        double[] labels = new double[count];
        for (int row = 0; row < count; row++) {
            visits[row] = random.nextInt(10) == 0 ? Double.NaN : random.nextGaussian();
            plans[row] = random.nextInt(3);
            double z = -1.5 + (Double.isNaN(visits[row]) ? 0 : 1.5 * visits[row]) + 0.7 * plans[row];
            labels[row] = random.nextDouble() < LogOdds.sigmoid(z) ? 1 : 0;
        }
        List<String> keys = IntStream.range(0, count)
                .mapToObj(row -> "c" + (isRepeated ? row / 3 : row))
                .toList();
        return new TrainingSetBuilder(new FeatureSetInfo("shop", "hash", "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[count],
                        new RowBlock.NumberTarget(labels),
                        List.of(
                                new RowBlock.Numbers("visits", 1, visits),
                                new RowBlock.Texts("plan", List.of("a", "b", "c"), plans))))
                .build();
    }
}
