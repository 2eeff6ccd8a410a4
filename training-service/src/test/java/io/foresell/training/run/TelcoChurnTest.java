package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.pack.LoadedPackage;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures of scikit-learn on the same folds (row index modulo 5, metrics averaged over folds). */
final class TelcoChurnTest {
    @Test
    void reachesPublishedFiguresWithDefaults() throws Exception {
        TrainingSet set = TelcoChurn.read();
        TrainingSpec spec = new TrainingSpec(
                "churn",
                new TrainingSetQuery("telco", "churn", null, 0, 0),
                List.of(
                        new CandidateSpec("", LogisticRegression.DEFAULT, ClassWeights.EQUAL),
                        new CandidateSpec("", BoostedTrees.DEFAULT, ClassWeights.EQUAL)),
                Preparation.NONE,
                SplitPlan.DEFAULT,
                Metric.ROC_AUC,
                7,
                PublishRule.BEST,
                "who leaves",
                Map.of());
        List<Progress> progress = new ArrayList<>();

        List<CandidateOutcome> outcomes =
                new TrainingRun(2).run(spec, (query, listener, cancelled) -> set, progress::add, () -> false);

        Evaluation logistic = outcomes.get(0).evaluation();
        assertThat(logistic.metric(Metric.ROC_AUC)).isCloseTo(0.8452, within(0.0010));
        assertThat(logistic.metric(Metric.PR_AUC)).isCloseTo(0.6561, within(0.0010));
        assertThat(logistic.metric(Metric.LOG_LOSS)).isCloseTo(0.4174, within(0.0005));
        assertThat(logistic.metric(Metric.BRIER)).isCloseTo(0.1355, within(0.0003));
        assertThat(logistic.metric(Metric.LIFT_10)).isCloseTo(2.88, within(0.05));
        assertThat(logistic.metric(Metric.EXPECTED_CALIBRATION_ERROR)).isLessThan(0.02);
        assertThat(logistic.baselineMetrics()).containsEntry("roc_auc", 0.5);
        Evaluation trees = outcomes.get(1).evaluation();
        assertThat(trees.metric(Metric.ROC_AUC)).isGreaterThan(0.845);
        assertThat(trees.metric(Metric.LOG_LOSS)).isLessThan(0.4174);
        assertThat(outcomes.get(1).isBest()).isTrue();
        assertThat(outcomes.get(0).packageBytes()).isEmpty();
        LoadedPackage loaded =
                LoadedPackage.load(outcomes.get(1).packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
        assertThat(loaded.modelPackage().manifest().getProvenance().getRowCount())
                .isEqualTo(7043);
        assertThat(loaded.modelPackage().goldenRows()).hasSize(20);
        assertThat(progress.get(progress.size() - 1).fraction()).isEqualTo(1);
    }
}
