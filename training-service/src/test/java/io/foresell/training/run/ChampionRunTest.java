package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.model.scorer.Scorer;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedCustomers;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Comparisons;
import io.foresell.training.evaluate.Judged.ChampionComparison;
import io.foresell.training.evaluate.Judged.Comparison;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How the champion is judged on the rows of another training. */
final class ChampionRunTest {
    private static final SplitPlan FOLDS = new SplitPlan.KFold(3, FoldBy.STRATIFIED);

    private static TrainingSpec spec(@Nullable Metric metric, SplitPlan split, CandidateSpec... candidates) {
        return new TrainingSpec(
                "churn",
                new TrainingSetQuery("customer_features", "left", null, 0, 0),
                List.of(candidates),
                Preparation.NONE,
                split,
                metric,
                7,
                PublishRule.BEST,
                "",
                Map.of());
    }

    private static CandidateSpec candidate(String name, Algorithm algorithm) {
        return new CandidateSpec(name, algorithm, ClassWeights.EQUAL);
    }

    /** Differs from {@link #trees} in what no fit reads without rows held back, so that it is fitted anew to the same trees. */
    private static BoostedTrees equalTrees() {
        return new BoostedTrees(12, 0.3, 3, 0, 1, 1, 1, 1, 0, 33);
    }

    private static BoostedTrees trees() {
        return new BoostedTrees(12, 0.3, 3, 0, 1, 1, 1, 1, 0, 20);
    }

    private static CandidateOutcome run(TrainingSpec spec, TrainingSet rows, @Nullable Champion champion) {
        return new TrainingRun(new RunSettings(1, "", null, null, champion))
                .run(spec, (query, listener, isCancelled) -> rows, progress -> {}, () -> false)
                .get(0);
    }

    private static Champion champion(CandidateOutcome outcome, @Nullable TrainingSpec spec, @Nullable Metric metric) {
        ModelPackage read = ModelPackage.read(outcome.packageBytes().orElseThrow());
        return new Champion(
                3,
                read.manifest(),
                read.signature(),
                spec,
                spec == null ? "it was not trained here" : "",
                () -> new Opened(LoadedPackage.load(read, LoadedPackage.COMPILED)),
                metric);
    }

    private record Opened(LoadedPackage loaded) implements ChampionModel {
        @Override
        public ModelPackage modelPackage() {
            return loaded.modelPackage();
        }

        @Override
        public Scorer scorer() {
            return loaded.scorer();
        }

        @Override
        public void close() {}
    }

    private static ChampionComparison comparison(CandidateOutcome outcome) {
        return Objects.requireNonNull(outcome.evaluation().champion());
    }

    private static void assertEqual(ChampionComparison champion) {
        assertThat(champion.way()).as(champion.reason()).isEqualTo(ChampionComparison.REPEATED);
        Comparison comparison = Objects.requireNonNull(champion.comparison());
        assertThat(comparison.other()).isEqualTo("churn@3");
        assertThat(comparison.difference()).isEqualTo(0.0);
        assertThat(comparison.low()).isEqualTo(0.0);
        assertThat(comparison.high()).isEqualTo(0.0);
        assertThat(comparison.pValue()).isEqualTo(1.0);
    }

    @Test
    void whatIsFittedAlikeDiffersByExactlyNothingInEveryTask() {
        Map<Task, TrainingSet> tasks = Map.of(
                Task.BINARY, PlantedCustomers.binary(240, "v1", "weak", "strong", "region"),
                Task.MULTICLASS, PlantedCustomers.classes(240, "v1", "weak", "strong", "region"),
                Task.REGRESSION, PlantedCustomers.values(240, "v1", "weak", "strong", "region"));
        tasks.forEach((task, rows) -> {
            TrainingSpec old = spec(null, FOLDS, candidate("old", equalTrees()));
            CandidateOutcome first = run(old, rows, null);
            assertThat(first.evaluation().champion()).isNull();
            TrainingSpec again = spec(null, FOLDS, candidate("again", trees()));
            List<Metric> metrics = Comparisons.metrics(task);
            for (Metric metric : List.of(metrics.get(0), metrics.get(metrics.size() - 1))) {
                ChampionComparison champion = comparison(run(again, rows, champion(first, old, metric)));
                assertEqual(champion);
                assertThat(champion.reason()).isEqualTo("its package may have been fitted on rows that judge");
                assertThat(champion.rowCount()).isEqualTo(240);
                assertThat(Objects.requireNonNull(champion.comparison()).metric())
                        .isEqualTo(metric.key());
            }
        });
    }

    @Test
    void theSameCandidateIsNotFittedTwice() {
        TrainingSet rows = PlantedCustomers.binary(240, "v1", "weak", "strong");
        TrainingSpec spec = spec(null, FOLDS, candidate("trees", trees()));
        CandidateOutcome first = run(spec, rows, null);
        List<String> stages = new ArrayList<>();
        Champion champion = champion(first, spec, null);
        CandidateOutcome second = new TrainingRun(new RunSettings(1, "", null, null, champion))
                .run(
                        spec,
                        (query, listener, isCancelled) -> rows,
                        progress -> stages.add(progress.stage()),
                        () -> false)
                .get(0);
        assertEqual(comparison(second));
        assertThat(comparison(second).reason()).endsWith("candidate trees is the same, so both are one");
        assertThat(stages).noneMatch(stage -> stage.contains("champion"));
    }

    /** The comparison is that of two candidates of one training, whatever order and name they have. */
    @Test
    void aRepeatedChampionIsJudgedAsOneMoreCandidate() {
        TrainingSet rows = PlantedCustomers.binary(300, "v1", "weak", "strong", "region");
        CandidateSpec bayes = new CandidateSpec(
                "bayes",
                NaiveBayes.DEFAULT,
                new ClassWeights(true, Map.of()),
                new CalibrationPlan(CalibrationPlan.Choice.PLATT, 3),
                null,
                null);
        TrainingSpec old = spec(Metric.LOG_LOSS, FOLDS, bayes);
        CandidateOutcome first = run(old, rows, null);

        ChampionComparison against =
                comparison(run(spec(null, FOLDS, candidate("trees", trees())), rows, champion(first, old, null)));
        Comparison side = run(spec(null, FOLDS, candidate("trees", trees()), bayes), rows, null)
                .evaluation()
                .comparisons()
                .get(0);

        Comparison comparison = Objects.requireNonNull(against.comparison());
        assertThat(side.other()).isEqualTo("bayes");
        assertThat(comparison.difference()).isEqualTo(side.difference());
        assertThat(comparison.low()).isEqualTo(side.low());
        assertThat(comparison.pValue()).isEqualTo(side.pValue());
        assertThat(comparison.otherValue()).isEqualTo(first.evaluation().metric(Metric.ROC_AUC), within(1e-12));
    }

    @Test
    void aPackageOnRowsItHasSeenIsFlatteredSoItIsRepeated() {
        TrainingSet rows = PlantedCustomers.binary(240, "v1", "weak", "strong", "region");
        BoostedTrees greedy = new BoostedTrees(150, 0.5, 8, 0, 1, 1, 1, 0);
        TrainingSpec old = spec(null, FOLDS, candidate("greedy", greedy));
        CandidateOutcome first = run(old, rows, null);
        TrainingSpec next = spec(null, FOLDS, candidate("bayes", NaiveBayes.DEFAULT));

        ChampionComparison repeated = comparison(run(next, rows, champion(first, old, null)));
        ChampionComparison scored = comparison(run(next, rows, champion(first, null, null)));

        assertThat(repeated.way()).isEqualTo(ChampionComparison.REPEATED);
        assertThat(scored.way()).isEqualTo(ChampionComparison.PACKAGE);
        assertThat(scored.reason())
                .isEqualTo("it was not trained here; it may have been fitted on rows that judge, which favours it");
        assertThat(Objects.requireNonNull(scored.comparison()).otherValue())
                .as("it knows these rows by heart")
                .isGreaterThan(0.99);
        assertThat(Objects.requireNonNull(repeated.comparison()).otherValue())
                .isLessThan(0.85)
                .isEqualTo(first.evaluation().metric(Metric.ROC_AUC), within(1e-12));
    }

    /** The package answers as it does outside: the metric over the held-out rows, computed by hand. */
    @Test
    void aPackageScoresTheJudgedRowsInTheOrderOfTheirClasses() {
        TrainingSet rows = PlantedCustomers.classes(240, "v1", "weak", "strong", "region");
        SplitPlan byTime = new SplitPlan.Time(0.25, 0);
        TrainingSpec old = spec(null, byTime, candidate("bayes", NaiveBayes.DEFAULT));
        CandidateOutcome first = run(old, rows, null);

        ChampionComparison champion =
                comparison(run(spec(null, byTime, candidate("trees", trees())), rows, champion(first, old, null)));

        assertThat(champion.reason()).isEqualTo("every row that judges is later than those it was fitted on");
        assertThat(champion.rowCount()).isEqualTo(60);
        Fold fold = Splitter.split(rows, byTime, 7).get(0);
        LoadedPackage loaded = LoadedPackage.load(first.packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
        Rows judged = fold.heldOut().rows(loaded.modelPackage().signature());
        float[] answers = new float[60 * 3];
        loaded.scorer().score(judged, answers);
        double loss = 0;
        for (int row = 0; row < 60; row++) {
            String label = rows.classes().get((int) fold.heldOut().labels()[row]);
            int column = loaded.modelPackage().answer().labels().indexOf(label);
            loss -= Math.log(answers[row * 3 + column]) / 60;
        }
        assertThat(Objects.requireNonNull(champion.comparison()).otherValue()).isEqualTo(loss, within(1e-6));
    }

    @Test
    void aFamilyThatWasChosenIsRepeated() {
        TrainingSet rows = PlantedCustomers.binary(240, "v1", "weak", "strong", "region");
        CandidateOutcome first = run(spec(null, FOLDS, candidate("naive_bayes", NaiveBayes.DEFAULT)), rows, null);
        TrainingSpec chosen = new TrainingSpec(
                "churn",
                new TrainingSetQuery("customer_features", "left", null, 0, 0),
                List.of(),
                Preparation.NONE,
                FOLDS,
                null,
                1,
                PublishRule.BEST,
                "",
                Map.of(),
                JudgePlan.DEFAULT,
                null,
                new ChoosePlan(60, false, Set.of()));
        ChampionComparison champion = comparison(
                run(spec(null, FOLDS, candidate("bayes", NaiveBayes.DEFAULT)), rows, champion(first, chosen, null)));
        assertEqual(champion);
    }

    @Test
    void whatCannotBeJudgedSaysWhy() {
        TrainingSet rows = PlantedCustomers.binary(240, "v1", "weak", "strong");
        TrainingSpec old = spec(null, FOLDS, candidate("trees", trees()));
        CandidateOutcome first = run(old, rows, null);
        TrainingSpec next = spec(null, FOLDS, candidate("bayes", NaiveBayes.DEFAULT));

        ChampionComparison calibration =
                comparison(run(next, rows, champion(first, old, Metric.EXPECTED_CALIBRATION_ERROR)));
        assertThat(calibration.way()).isEqualTo(ChampionComparison.METRICS);
        assertThat(calibration.comparison()).isNull();
        assertThat(calibration.reason()).isEqualTo("expected_calibration_error has no paired test for task binary");

        TrainingSpec values = spec(null, FOLDS, candidate("values", trees()));
        TrainingSet amounts = PlantedCustomers.values(240, "v1", "weak", "strong");
        assertThat(comparison(run(values, amounts, champion(first, old, null))).reason())
                .isEqualTo("it answers task binary and these rows ask for regression");

        TrainingSpec other = spec(null, FOLDS, candidate("another", trees()));
        assertThat(comparison(run(next, rows, champion(first, other, null))).reason())
                .isEqualTo(
                        "its spec has no candidate 'trees'; it may have been fitted on rows that judge, which favours"
                                + " it");
    }
}
