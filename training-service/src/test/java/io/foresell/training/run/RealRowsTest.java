package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.dataset.BankMarketing;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.fit.tree.DecisionTree;
import io.foresell.training.fit.tree.RandomForest;
import io.foresell.training.prepare.Preparation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Figures of scikit-learn and LightGBM on the same folds (row index modulo 5, metrics averaged over folds). */
final class RealRowsTest {
    @Test
    void aForestPredictsChurnAsScikitLearnsDoes() throws Exception {
        Evaluation forest = judged(TelcoChurn.read(), RandomForest.DEFAULT);

        assertThat(forest.metric(Metric.ROC_AUC)).isGreaterThan(0.8446 - 0.002);
        assertThat(forest.metric(Metric.LOG_LOSS)).isLessThan(0.4174 * 1.01);
        assertThat(forest.metric(Metric.BRIER)).isLessThan(0.1353 * 1.01);
    }

    @Test
    void aReadableTreePredictsChurnAsScikitLearnsDoes() throws Exception {
        Evaluation tree = judged(TelcoChurn.read(), DecisionTree.DEFAULT);

        assertThat(tree.metric(Metric.ROC_AUC)).isGreaterThan(0.8292 - 0.003);
        assertThat(tree.metric(Metric.LOG_LOSS)).isLessThan(0.434 * 1.02);
    }

    @Test
    void boostedTreesPredictSubscriptionsAsLightGbmDoes() throws Exception {
        Evaluation trees = judged(BankMarketing.read(false), new BoostedTrees(200, 0.05, 16, 31, 1, 1, 0.5, 1));

        assertThat(trees.metric(Metric.ROC_AUC)).isGreaterThan(0.8028 - 0.002);
        assertThat(trees.metric(Metric.LOG_LOSS)).isLessThan(0.2828 * 1.01);
    }

    private static Evaluation judged(TrainingSet set, Algorithm algorithm) {
        TrainingSpec spec = new TrainingSpec(
                "model",
                new TrainingSetQuery("features", "label", null, 0, 0),
                List.of(new CandidateSpec("", algorithm, ClassWeights.EQUAL)),
                Preparation.NONE,
                SplitPlan.DEFAULT,
                Metric.ROC_AUC,
                7,
                PublishRule.NONE,
                "",
                Map.of());
        return new TrainingRun(2)
                .run(spec, (query, listener, cancelled) -> set, progress -> {}, () -> false)
                .get(0)
                .evaluation();
    }
}
