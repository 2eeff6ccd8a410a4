package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.calibrate.CalibrationPlan;
import io.foresell.training.check.LeakPolicy;
import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetBuilder;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Capacity;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.JudgementJson;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.evaluate.Payoff;
import io.foresell.training.evaluate.RankingPlan;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TrainingRunTest {
    private static final long DAY_MILLIS = 86_400_000;
    private static final SplitPlan THREE_FOLDS = new SplitPlan.KFold(3, FoldBy.ROW_INDEX);
    private static final BoostedTrees FEW_TREES = new BoostedTrees(10, 0.3, 3, 0, 1, 1, 1, 1);

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

    private static String report(CandidateOutcome outcome) throws IOException {
        return new String(file(outcome, "source/report.html"), StandardCharsets.UTF_8);
    }

    private static byte[] file(CandidateOutcome outcome, String name) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(
                new ByteArrayInputStream(outcome.packageBytes().orElseThrow()))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name)) {
                    return zip.readAllBytes();
                }
            }
        }
        throw new AssertionError("no " + name);
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
            Judged judged = judgement(outcome.packageBytes().orElseThrow());
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

    private static Judged judgement(byte[] packageBytes) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(packageBytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("source/judgement.json")) {
                    return JudgementJson.read(zip.readAllBytes());
                }
            }
        }
        throw new IllegalStateException("no judgement in the package");
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
    void refusesRowsThatCannotBeTrainedOn() {
        assertRefused(set(filled(60, 1), numbers(60)), FEW_TREES, "LABEL_ONE_CLASS", "60 positive of 60 rows");
        assertRefused(set(new double[0], numbers(0)), FEW_TREES, "NO_ROWS", "feature set shop: 0");
        assertRefused(set(labels(2), numbers(2)), FEW_TREES, "TOO_FEW_ROWS", "rows: 2 (expected: at least 3");
        assertRefused(
                set(labels(60), numbers(60)), SequenceNetwork.DEFAULT, "NO_SEQUENCE_FEATURES", "0 among 1 features");
        assertRefused(
                set(labels(60), new RowBlock.Numbers("a", 3, labels(180)), new RowBlock.Numbers("b", 4, labels(240))),
                SequenceNetwork.DEFAULT,
                "SEQUENCE_LENGTHS_DIFFER",
                "length of b: 4 (expected: 3 like a)");
        List<String> ids = IntStream.range(0, 1001).mapToObj(i -> "id" + i).toList();
        assertRefused(
                set(
                        labels(1001),
                        new RowBlock.Texts(
                                "customer_id", ids, IntStream.range(0, 1001).toArray())),
                FEW_TREES,
                "TOO_MANY_CATEGORIES",
                "customer_id: 1001 (expected: at most 1000");
        assertRefused(
                set(labels(60), new RowBlock.Numbers("empty", 1, filled(60, Double.NaN))),
                FEW_TREES,
                "NO_FEATURES",
                "(expected: 1 or more)");
        // The only positive row is judged in one fold, so nothing positive is left to fit on there.
        double[] onePositive = new double[60];
        onePositive[7] = 1;
        assertRefused(set(onePositive, numbers(60)), FEW_TREES, "LABEL_ONE_CLASS", "fold 2 of 3");
    }

    @Test
    void refusesSpecsThatContradictThemselves() {
        assertThatThrownBy(() -> spec(THREE_FOLDS, PublishRule.BEST)).hasMessageContaining("candidates: 0");
        assertThatThrownBy(() -> spec(THREE_FOLDS, PublishRule.BEST, FEW_TREES, FEW_TREES))
                .hasMessageContaining("'boosted_trees' (expected: unique names)");
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

    /** Leads of ten weeks: each week's list is ordered far better than at random, and candidates are ranked by that order. */
    @Test
    void ranksWithinWeeksAndByTheirOrder() throws IOException {
        RankingPlan weeks = new RankingPlan(RankingPlan.Within.WEEK, null, List.of(3, 1), 0);
        TrainingSpec spec = ranked(new SplitPlan.Time(0.5, 0), Metric.ranking("ndcg_3"), weeks);

        List<CandidateOutcome> outcomes = run(spec, customers(300), new ArrayList<>());

        Evaluation best = outcomes.stream()
                .filter(CandidateOutcome::isBest)
                .findFirst()
                .orElseThrow()
                .evaluation();
        assertThat(best.metrics())
                .containsKeys("ndcg_1", "ndcg_3", "map_3", "mrr", "precision_3", "recall_3", "hit_rate_1", "roc_auc");
        assertThat(best.metrics().get("ndcg_3"))
                .isGreaterThan(best.baselineMetrics().get("ndcg_3") + 0.2)
                .isEqualTo(outcomes.stream()
                        .mapToDouble(each -> each.evaluation().metric(Metric.ranking("ndcg_3")))
                        .max()
                        .orElseThrow());
        assertThat(best.metricIntervals().get("ndcg_3").low())
                .isLessThan(best.metrics().get("ndcg_3"));
        assertThat(best.comparisons())
                .allMatch(comparison -> comparison.metric().equals("ndcg_3"));
        assertThat(best.warnings())
                .anyMatch(warning ->
                        warning.matches("Rows were ranked within each week: \\d+ of \\d+ lists were judged.*"));
        CandidateOutcome published = outcomes.stream()
                .filter(outcome -> outcome.packageBytes().isPresent())
                .findFirst()
                .orElseThrow();
        Judged.Rankings rankings =
                JudgementJson.read(file(published, "source/judgement.json")).rankings();
        assertThat(rankings.within()).isEqualTo("week");
        assertThat(rankings.cutOffs()).containsExactly(1, 3);
        assertThat(rankings.cutGroupCount()).isZero();
        assertThat(rankings.judgedListCount() + rankings.oneRowListCount() + rankings.listsWithoutRelevantCount())
                .isEqualTo(rankings.listCount());
        assertThat(report(published)).contains("Order within each week", "NDCG, top 3", "Mean reciprocal rank");
    }

    @Test
    void saysThatASplitCutsGroups() {
        RankingPlan plans = new RankingPlan(RankingPlan.Within.COLUMN, "plan", List.of(), 0);

        Evaluation evaluation = run(ranked(THREE_FOLDS, null, plans), customers(200), new ArrayList<>())
                .get(0)
                .evaluation();

        assertThat(evaluation.metrics()).containsKeys("ndcg_10", "map_10");
        assertThat(evaluation.metricStandardDeviations()).containsKey("ndcg_10");
        assertThat(evaluation.warnings())
                .anyMatch(warning ->
                        warning.contains("rows are in none; 2 of 2 groups have rows in several judged parts"));
    }

    private static TrainingSpec ranked(SplitPlan split, @Nullable Metric metric, RankingPlan rankings) {
        TrainingSpec base = spec(split, PublishRule.BEST, LogisticRegression.DEFAULT, FEW_TREES);
        return new TrainingSpec(
                base.model(),
                base.query(),
                base.candidates(),
                base.preparation(),
                split,
                metric,
                42,
                base.publish(),
                base.description(),
                base.meaning(),
                new JudgePlan(null, null, LeakPolicy.DEFAULT, true, 10, rankings));
    }

    private static void assertRefused(TrainingSet set, Algorithm parameters, String reason, String message) {
        assertThatThrownBy(() -> run(spec(THREE_FOLDS, PublishRule.BEST, parameters), set, new ArrayList<>()))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }

    private static List<CandidateOutcome> run(TrainingSpec spec, TrainingSet set, List<Progress> progress) {
        return new TrainingRun(1).run(spec, (query, listener, cancelled) -> set, progress::add, () -> false);
    }

    private static TrainingSpec spec(SplitPlan split, PublishRule publish, Algorithm... parameters) {
        return new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "left", null, 0, 0),
                Arrays.stream(parameters)
                        .map(each -> new CandidateSpec("", each, ClassWeights.EQUAL))
                        .toList(),
                Preparation.NONE,
                split,
                Metric.ROC_AUC,
                42,
                publish,
                "who leaves",
                Map.of("en", "risk of leaving"));
    }

    private static Manifest manifest(CandidateOutcome outcome) {
        return ModelPackage.read(outcome.packageBytes().orElseThrow()).manifest();
    }

    /** One row a day; few visits and the plan "basic" make leaving likelier. */
    private static TrainingSet customers(int rowCount) {
        double[] labels = labels(rowCount);
        Random random = new Random(6);
        double[] ages = IntStream.range(0, rowCount)
                .mapToDouble(row -> random.nextInt(5) == 0 ? Double.NaN : random.nextInt(70))
                .toArray();
        int[] plans = IntStream.range(0, rowCount)
                .map(row -> random.nextInt(4) == 0 ? -1 : (labels[row] == 1 ? 0 : random.nextInt(2)))
                .toArray();
        return set(
                labels,
                new RowBlock.Numbers("visits", 1, noisy(labels, 0.8)),
                new RowBlock.Numbers("age", 1, ages),
                new RowBlock.Texts("plan", List.of("basic", "premium"), plans));
    }

    private static TrainingSet set(double[] labels, RowBlock.Column... columns) {
        List<String> keys =
                IntStream.range(0, labels.length).mapToObj(row -> "c" + row).toList();
        long[] times = new long[labels.length];
        Arrays.setAll(times, row -> row * DAY_MILLIS);
        FeatureSetInfo info =
                new FeatureSetInfo("shop", "hash", "left", "customer", Map.of("visits", "Visits this month"));
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, times, new RowBlock.NumberTarget(labels), List.of(columns)))
                .build();
    }

    private static double[] labels(int count) {
        Random random = new Random(8);
        double[] labels = new double[count];
        Arrays.setAll(labels, row -> row == 0 ? 1 : random.nextInt(3) == 0 ? 1 : 0);
        return labels;
    }

    private static double[] noisy(double[] labels, double noise) {
        Random random = new Random(4);
        double[] values = new double[labels.length];
        Arrays.setAll(values, row -> 3 - labels[row] + noise * random.nextGaussian());
        return values;
    }

    private static RowBlock.Numbers numbers(int count) {
        return new RowBlock.Numbers(
                "visits",
                1,
                IntStream.range(0, count).mapToDouble(row -> row % 7).toArray());
    }

    private static double[] filled(int count, double value) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }
}
