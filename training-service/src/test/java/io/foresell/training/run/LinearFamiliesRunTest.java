package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.pack.LoadedPackage;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.linear.LinearRegression;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every linear family and its plain relatives, from real rows to a package that loads. */
final class LinearFamiliesRunTest {
    private static List<CandidateOutcome> run(TrainingSet set, Algorithm... algorithms) {
        List<CandidateSpec> candidates = new ArrayList<>();
        for (Algorithm algorithm : algorithms) {
            candidates.add(new CandidateSpec("candidate " + candidates.size(), algorithm, ClassWeights.EQUAL));
        }
        TrainingSpec spec = new TrainingSpec(
                "model",
                new TrainingSetQuery("telco", "label", null, 0, 0),
                candidates,
                Preparation.NONE,
                new SplitPlan.Entity(0.2),
                null,
                7,
                PublishRule.ALL,
                "",
                Map.of());
        List<CandidateOutcome> outcomes =
                new TrainingRun(1).run(spec, (query, listener, cancelled) -> set, progress -> {}, () -> false);
        outcomes.forEach(
                outcome -> LoadedPackage.load(outcome.packageBytes().orElseThrow(), "", LoadedPackage.COMPILED));
        return outcomes;
    }

    private static double metric(CandidateOutcome outcome, Metric metric) {
        return outcome.evaluation().metric(metric);
    }

    @Test
    void twoClasses() throws Exception {
        List<CandidateOutcome> outcomes = run(
                TelcoChurn.read(),
                new LogisticRegression(1, 0.5),
                NaiveBayes.DEFAULT,
                new NearestNeighbors(50, false, 1000));
        assertThat(metric(outcomes.get(0), Metric.ROC_AUC)).isGreaterThan(0.82);
        assertThat(metric(outcomes.get(1), Metric.ROC_AUC)).isGreaterThan(0.78);
        assertThat(metric(outcomes.get(2), Metric.ROC_AUC)).isGreaterThan(0.79);
        LoadedPackage neighbors =
                LoadedPackage.load(outcomes.get(2).packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
        assertThat(neighbors.modelPackage().manifest().getLimitsList())
                .anySatisfy(limit -> assertThat(limit).contains("drawn at random"));
    }

    @Test
    void severalClasses() throws Exception {
        List<CandidateOutcome> outcomes = run(
                TelcoChurn.about("Contract"),
                LogisticRegression.DEFAULT,
                NaiveBayes.DEFAULT,
                new NearestNeighbors(15, true, 1000));
        assertThat(metric(outcomes.get(0), Metric.ACCURACY)).isGreaterThan(0.72);
        assertThat(metric(outcomes.get(1), Metric.ACCURACY)).isGreaterThan(0.64);
        assertThat(metric(outcomes.get(2), Metric.ACCURACY)).isGreaterThan(0.66);
    }

    @Test
    void values() throws Exception {
        List<CandidateOutcome> outcomes = run(
                TelcoChurn.about("TotalCharges"),
                LinearRegression.DEFAULT,
                new LinearRegression(0.01, 1),
                new NearestNeighbors(15, false, 1000));
        assertThat(metric(outcomes.get(0), Metric.R2)).isGreaterThan(0.89);
        assertThat(metric(outcomes.get(1), Metric.R2)).isGreaterThan(0.88);
        assertThat(metric(outcomes.get(2), Metric.R2)).isGreaterThan(0.9);
        LoadedPackage least =
                LoadedPackage.load(outcomes.get(0).packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
        assertThat(least.modelPackage().manifest().getLimitsList())
                .anySatisfy(limit -> assertThat(limit).contains("23 of 46 columns"));
    }
}
