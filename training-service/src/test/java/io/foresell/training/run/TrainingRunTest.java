package io.foresell.training.run;

import static io.foresell.training.run.RunFixture.DAY_MILLIS;
import static io.foresell.training.run.RunFixture.FEW_TREES;
import static io.foresell.training.run.RunFixture.THREE_FOLDS;
import static io.foresell.training.run.RunFixture.customers;
import static io.foresell.training.run.RunFixture.file;
import static io.foresell.training.run.RunFixture.filled;
import static io.foresell.training.run.RunFixture.labels;
import static io.foresell.training.run.RunFixture.manifest;
import static io.foresell.training.run.RunFixture.noisy;
import static io.foresell.training.run.RunFixture.report;
import static io.foresell.training.run.RunFixture.run;
import static io.foresell.training.run.RunFixture.set;
import static io.foresell.training.run.RunFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.check.LeakPolicy;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Capacity;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.JudgementJson;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.Payoff;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.prepare.Preparation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TrainingRunTest {
    @Test
    void publishesTheBestRefittedOnAllRows() {
        TrainingSet set = customers(300);
        List<Progress> progress = new ArrayList<>();

        List<CandidateOutcome> outcomes =
                run(spec(THREE_FOLDS, PublishRule.BEST, LogisticRegression.DEFAULT, FEW_TREES), set, progress);

        assertThat(outcomes).extracting(CandidateOutcome::name).containsExactly("logistic_regression", "boosted_trees");
        assertThat(outcomes).filteredOn(CandidateOutcome::isBest).hasSize(1);
        CandidateOutcome best =
                outcomes.stream().filter(CandidateOutcome::isBest).findFirst().orElseThrow();
        assertThat(outcomes).allMatch(outcome -> outcome.packageBytes().isPresent() == outcome.isBest());
        assertThat(best.evaluation().metric(Metric.ROC_AUC)).isGreaterThan(0.8);
        assertThat(best.evaluation().evaluationRowCount()).isEqualTo(300);
        assertThat(best.evaluation().importance().get(0).input()).isEqualTo("visits");
        Manifest manifest = manifest(best);
        assertThat(manifest.getProvenance().getRowCount()).isEqualTo(300);
        assertThat(manifest.getProvenance().getDataDigest()).isEqualTo(set.digest());
        assertThat(manifest.getFeatureSetHash()).isEqualTo("hash");
        assertThat(manifest.getEntity()).isEqualTo("customer");
        assertThat(manifest.getMeaningMap()).containsExactly(Map.entry("en", "risk of leaving"));
        assertThat(manifest.getInputs(0).getDescription()).isEqualTo("Visits this month");
        assertThat(manifest.getBands().getHighFrom())
                .isGreaterThan(manifest.getBands().getMediumFrom());
        assertThat(progress).extracting(Progress::fraction).isSorted();
        assertThat(progress)
                .extracting(Progress::stage)
                .contains(
                        "read training set",
                        "fit logistic_regression (fold 2 of 3)",
                        "fit boosted_trees (fold 3 of 3)",
                        "done");
    }

    @Test
    void theReportShowsHeldOutRowsButNotWhoseTheyAre() throws IOException {
        CandidateOutcome outcome = run(
                        spec(THREE_FOLDS, PublishRule.BEST, LogisticRegression.DEFAULT),
                        customers(200),
                        new ArrayList<>())
                .get(0);

        String report = report(outcome);
        assertThat(report)
                .contains("who leaves", "risk of leaving", "baseline 0.500", "ROC curve")
                .contains("Right: positive, and scored high", "Wrong: positive, but scored low", "Visits this month is")
                .doesNotContainPattern("\\bc\\d{1,3}\\b");
    }

    @Test
    void theSameRunGivesTheSamePackage() {
        TrainingSet set = customers(200);
        TrainingSpec spec = spec(THREE_FOLDS, PublishRule.ALL, LogisticRegression.DEFAULT, FEW_TREES);

        List<CandidateOutcome> first = run(spec, set, new ArrayList<>());
        List<CandidateOutcome> second = run(spec, set, new ArrayList<>());

        for (int i = 0; i < 2; i++) {
            assertThat(second.get(i).packageBytes().orElseThrow())
                    .isEqualTo(first.get(i).packageBytes().orElseThrow());
        }
    }

    @Test
    void aTimeSplitPublishesTheJudgedModel() {
        List<CandidateOutcome> outcomes =
                run(spec(new SplitPlan.Time(0.25, 3), PublishRule.BEST, FEW_TREES), customers(200), new ArrayList<>());

        Evaluation evaluation = outcomes.get(0).evaluation();
        assertThat(evaluation.evaluationRowCount()).isEqualTo(50);
        assertThat(evaluation.trainingRowCount()).isEqualTo(148);
        assertThat(evaluation.metricStandardDeviations()).isEmpty();
        assertThat(manifest(outcomes.get(0)).getProvenance().getRowCount()).isEqualTo(148);
        assertThat(manifest(outcomes.get(0)).getProvenance().getUntilMillis()).isEqualTo(147 * DAY_MILLIS);
    }

    @Test
    void aNetworkGoesTheWholeWay() {
        List<CandidateOutcome> outcomes = run(
                spec(
                        new SplitPlan.Entity(0.3),
                        PublishRule.ALL,
                        new SequenceNetwork(NetworkKind.LSTM, 4, 3, 2, 32, 0.01)),
                PlantedSequences.of(150, 6, 1),
                new ArrayList<>());

        LoadedPackage loaded =
                LoadedPackage.load(outcomes.get(0).packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
        assertThat(loaded.scorer().engine()).isEqualTo("compiled");
        assertThat(loaded.modelPackage().goldenTolerance()).isEqualTo(1e-4);
        assertThat(outcomes.get(0).evaluation().importance()).hasSize(4);
    }

    @Test
    void keepsCalibrationDecisionAndJudgementInThePackage() throws Exception {
        JudgePlan judge =
                new JudgePlan(new Payoff(1, 0, 4, 0, "EUR"), new Capacity(10, 100), LeakPolicy.DEFAULT, true, 10, null);
        CalibrationPlan platt = new CalibrationPlan(CalibrationPlan.Choice.PLATT, 3);
        TrainingSpec spec = new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "left", null, 0, 0),
                List.of(
                        new CandidateSpec("", LogisticRegression.DEFAULT, ClassWeights.BALANCED, platt, null, null),
                        new CandidateSpec("", FEW_TREES, ClassWeights.EQUAL, platt, null, null)),
                Preparation.NONE,
                THREE_FOLDS,
                Metric.ROC_AUC,
                42,
                PublishRule.ALL,
                "who leaves",
                Map.of(),
                judge);

        List<CandidateOutcome> outcomes = run(spec, customers(400), new ArrayList<>());

        for (CandidateOutcome outcome : outcomes) {
            Evaluation evaluation = outcome.evaluation();
            assertThat(evaluation.metricIntervals().get("roc_auc").low()).isLessThan(evaluation.metric(Metric.ROC_AUC));
            assertThat(evaluation.comparisons()).hasSize(1);
            Manifest manifest = manifest(outcome);
            assertThat(manifest.getCalibration()).isEqualTo("platt");
            assertThat(manifest.getThreshold()).isGreaterThan(0.2);
            assertThat(manifest.getEvaluation().getDecision().getRule()).isEqualTo("capacity");
            assertThat(manifest.getEvaluation().getMetricIntervalsMap()).containsKey("log_loss");
            Judged judged = JudgementJson.read(file(outcome, "source/judgement.json"));
            assertThat(judged.candidate()).isEqualTo(outcome.name());
            assertThat(judged.judgedRowCount()).isEqualTo(400);
            assertThat(judged.comparisons()).hasSize(1);
            assertThat(judged.calibration().method()).isEqualTo("platt");
            assertThat(judged.importance())
                    .filteredOn(input -> input.input().equals("visits"))
                    .singleElement()
                    .satisfies(visits -> {
                        assertThat(visits.direction()).isLessThan(-0.8);
                        assertThat(visits.permutationDrop()).isGreaterThan(0.05);
                        assertThat(visits.values()).hasSize(5);
                    });
            assertThat(judged.partialDependence()).extracting("input").contains("visits", "age", "plan");
            assertThat(judged.partialDependence())
                    .filteredOn(curve -> curve.input().equals("visits"))
                    .singleElement()
                    .satisfies(curve -> assertThat(curve.points()).hasSize(12));
            assertThat(judged.learningCurve().points()).hasSize(3);
            assertThat(judged.slices().testedCount()).isGreaterThan(8);
            double worst = judged.slices().all().stream()
                    .filter(slice -> slice.metricValue() != null && !Double.isNaN(slice.metricValue()))
                    .mapToDouble(Judged.Slice::metricValue)
                    .min()
                    .orElseThrow();
            assertThat(manifest.getEvaluation().getMetricsOrThrow("worst_slice_roc_auc"))
                    .isCloseTo(worst, within(1e-6))
                    .isLessThan(evaluation.metric(Metric.ROC_AUC));
        }
    }

    @Test
    void judgesOnlyWhenNothingIsToBePublished() {
        assertThat(run(spec(THREE_FOLDS, PublishRule.NONE, FEW_TREES), customers(60), new ArrayList<>()))
                .allMatch(outcome -> outcome.packageBytes().isEmpty() && outcome.isBest());
    }

    @Test
    void leavesEmptyColumnsOutAndSaysSo() {
        double[] labels = labels(90);
        TrainingSet set = set(
                labels,
                new RowBlock.Numbers("visits", 1, noisy(labels, 1)),
                new RowBlock.Numbers("empty", 1, filled(90, Double.NaN)),
                new RowBlock.Texts("blank", List.of(""), new int[90]));

        CandidateOutcome outcome = run(
                        spec(THREE_FOLDS, PublishRule.BEST, LogisticRegression.DEFAULT), set, new ArrayList<>())
                .get(0);

        assertThat(outcome.evaluation().warnings())
                .contains(
                        "Feature empty has no value in any row and was left out.",
                        "Feature blank has no value in any row and was left out.");
        assertThat(manifest(outcome).getInputsList()).extracting("name").containsExactly("visits");
    }

    @Test
    void suspectsAColumnThatDecidesTheLabel() {
        double[] labels = labels(90);
        TrainingSet set = set(
                labels,
                new RowBlock.Numbers("visits", 1, noisy(labels, 1)),
                new RowBlock.Numbers("closed_account", 1, labels));

        assertThat(run(spec(THREE_FOLDS, PublishRule.NONE, FEW_TREES), set, new ArrayList<>())
                        .get(0)
                        .evaluation()
                        .warnings())
                .anyMatch(warning -> warning.startsWith("Feature closed_account alone nearly decides the label"))
                .noneMatch(warning -> warning.startsWith("Feature visits"));
    }

    @Test
    void stopsWhenCancelled() {
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> new TrainingRun(1)
                        .run(
                                spec(THREE_FOLDS, PublishRule.BEST, FEW_TREES),
                                (query, listener, cancelled) -> customers(60),
                                progress -> {},
                                () -> asked.incrementAndGet() > 5))
                .isInstanceOf(CancellationException.class);
        assertThat(asked.get()).isEqualTo(6);
    }
}
