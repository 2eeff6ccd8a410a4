package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.ModelPackage;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.SplitPlan.FoldBy;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Judged;
import io.foresell.training.evaluate.JudgementJson;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The clock of the budget stands still unless a test moves it, so that no outcome depends on the machine. */
final class ChoosingRunTest {
    private static final SplitPlan TWO_FOLDS = new SplitPlan.KFold(2, FoldBy.ROW_INDEX);
    private static final ChoosePlan DEFAULTS = new ChoosePlan(60, true, Set.of("random_forest"));
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final Heard heard = new Heard();

    private static class Heard implements ProgressListener {
        final List<Progress> progress = new ArrayList<>();
        final List<String> judged = new ArrayList<>();
        String explanation = "";

        @Override
        public void report(Progress state) {
            progress.add(state);
        }

        @Override
        public void judged(CandidateOutcome outcome) {
            judged.add(outcome.name());
        }

        @Override
        public void decided(String sentence) {
            explanation = sentence;
        }
    }

    @Test
    void ranksFamiliesTheirSearchesAndTheBaseline() throws IOException {
        ChoosePlan plan = new ChoosePlan(2, false, Set.of("random_forest", "nearest_neighbors"));
        List<CandidateOutcome> outcomes = run(spec(plan, null, PublishRule.BEST), PlantedTable.binary(400, 1), heard);

        assertThat(heard.judged)
                .startsWith("baseline", "logistic_regression", "boosted_trees", "naive_bayes")
                .contains("logistic_regression_tuned", "boosted_trees_tuned", "naive_bayes_tuned");
        assertThat(outcomes).hasSize(7);
        assertThat(outcomes)
                .extracting(outcome -> outcome.evaluation().metric(Metric.ROC_AUC))
                .isSortedAccordingTo(Comparator.reverseOrder());
        CandidateOutcome best = outcomes.get(0);
        assertThat(best.isBest()).isTrue();
        assertThat(best.evaluation().comparisons()).hasSize(6);
        assertThat(outcomes.get(6).name()).isEqualTo("baseline");
        assertThat(outcomes.get(6).evaluation().metric(Metric.ROC_AUC)).isEqualTo(0.5);
        assertThat(heard.explanation.lines())
                .anyMatch(line -> line.startsWith("Best of 7 tried: " + best.name() + ", roc_auc 0."))
                .anyMatch(line -> line.contains("reaches 0.5000: " + best.name() + " is 0.")
                        && line.contains("better (more than chance would give, p < 0.001)"))
                .anyMatch(line -> line.startsWith("7. baseline: 0.5000, "))
                .anyMatch(line -> line.startsWith("Searching the parameters of boosted_trees "));
        assertThat(manifest(best).getAlgorithm()).isNotEqualTo("baseline");
        Judged judged = JudgementJson.read(file(best, "source/judgement.json"));
        assertThat(judged.choice()).isEqualTo(heard.explanation.lines().toList());
        assertThat(new String(file(best, "source/report.html"), java.nio.charset.StandardCharsets.UTF_8))
                .contains("How it was chosen", "reaches 0.5000");
        assertThat(heard.progress).extracting(Progress::fraction).isSorted();
    }

    @Test
    void classesAndValuesHaveFamiliesOfTheirOwn() {
        List<CandidateOutcome> classes =
                run(spec(DEFAULTS, null, PublishRule.NONE), PlantedTable.multiclass(400, 2), heard);
        assertThat(classes)
                .extracting(CandidateOutcome::name)
                .containsExactlyInAnyOrder(
                        "baseline", "logistic_regression", "boosted_trees", "naive_bayes", "nearest_neighbors");
        assertThat(classes.get(4).name()).isEqualTo("baseline");

        List<CandidateOutcome> values = run(spec(DEFAULTS, null, PublishRule.NONE), PlantedTable.values(400, 3), heard);
        assertThat(values)
                .extracting(CandidateOutcome::name)
                .containsExactlyInAnyOrder("baseline", "linear_regression", "boosted_trees", "nearest_neighbors");
        assertThat(values.get(3).name()).isEqualTo("baseline");
        assertThat(heard.explanation).contains("rmse", "behind");
    }

    @Test
    void clustersAreComparedWithoutABaseline() {
        List<CandidateOutcome> outcomes = run(spec(DEFAULTS, null, PublishRule.BEST), PlantedClusters.groups(), heard);

        assertThat(outcomes)
                .extracting(CandidateOutcome::name)
                .containsExactlyInAnyOrder("k_means", "gaussian_mixture", "hdbscan");
        assertThat(outcomes.get(0).packageBytes()).isPresent();
        assertThat(heard.explanation)
                .contains("Clusters have no plain baseline")
                .doesNotContain("chance");
    }

    @Test
    void writtenTextsAreReadByLinearModels() {
        List<CandidateOutcome> outcomes = run(spec(DEFAULTS, null, PublishRule.NONE), texts(), heard);

        assertThat(outcomes)
                .extracting(CandidateOutcome::name)
                .containsExactly("logistic_regression_on_texts", "baseline");
        assertThat(outcomes.get(0).evaluation().metric(Metric.ROC_AUC)).isGreaterThan(0.9);
        assertThat(heard.explanation).contains("were left out: [message] are written texts");
    }

    @Test
    void aBaselineThatWinsIsSaidAndNotPublished() {
        Random random = new Random(5);
        double[] labels = random.ints(300, 0, 2).asDoubleStream().toArray();
        double[][] noise = new double[6][300];
        for (double[] column : noise) {
            java.util.Arrays.setAll(column, row -> random.nextGaussian());
        }
        TrainingSet set = Tables.of(
                labels,
                Tables.numbers("a", noise[0]),
                Tables.numbers("b", noise[1]),
                Tables.numbers("c", noise[2]),
                Tables.numbers("d", noise[3]),
                Tables.numbers("e", noise[4]),
                Tables.numbers("f", noise[5]));

        List<CandidateOutcome> outcomes = run(spec(DEFAULTS, Metric.LOG_LOSS, PublishRule.BEST), set, heard);

        assertThat(outcomes.get(0).name()).isEqualTo("baseline");
        assertThat(outcomes.get(0).isBest()).isTrue();
        assertThat(outcomes).allMatch(outcome -> outcome.packageBytes().isEmpty());
        assertThat(heard.explanation)
                .contains("Nothing beats the plain baseline")
                .contains("nothing is published");
    }

    @Test
    void whatDoesNotFitInTheBudgetIsLeftOutAndSaid() {
        Heard slow = new Heard() {
            @Override
            public void report(Progress state) {
                boolean isNew = progress.stream().noneMatch(each -> each.stage().equals(state.stage()));
                if (isNew && state.stage().startsWith("fit boosted_trees")) {
                    clock.addAndGet(25 * SECOND);
                }
                if (isNew && state.stage().startsWith("fit nearest_neighbors")) {
                    clock.addAndGet(90 * SECOND);
                }
                super.report(state);
            }
        };
        List<CandidateOutcome> outcomes = run(
                spec(new ChoosePlan(60, false, Set.of("random_forest")), null, PublishRule.NONE),
                PlantedTable.binary(300, 1),
                slow);

        assertThat(outcomes).extracting(CandidateOutcome::name).doesNotContain("boosted_trees", "nearest_neighbors");
        assertThat(outcomes).extracting(CandidateOutcome::name).contains("naive_bayes", "baseline");
        assertThat(slow.explanation)
                .contains(
                        "boosted_trees was left out: its defaults would take about 50 s, and 30 s were allowed for them.")
                .contains("nearest_neighbors was left out: its defaults were not judged in the 35 s that were left.")
                .contains("The parameters of logistic_regression were not searched: that takes ");
    }

    @Test
    void aBudgetForLessThanALinearModelFails() {
        assertThatThrownBy(() -> new TrainingRun(RunSettings.of(2), () -> clock.addAndGet(SECOND))
                        .run(
                                spec(new ChoosePlan(1, true, Set.of()), null, PublishRule.BEST),
                                source(PlantedTable.binary(200, 1)),
                                heard,
                                () -> false))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("BUDGET_TOO_SMALL")
                .hasMessageContaining(
                        "budget.seconds: 1.0 s for 200 rows (expected: more: not one of 2 folds of baseline");
    }

    @Test
    void endsWhenCancelled() {
        AtomicInteger asked = new AtomicInteger();
        TrainingSpec spec = spec(DEFAULTS, null, PublishRule.BEST);
        assertThatThrownBy(() -> new TrainingRun(RunSettings.of(2), clock::get)
                        .run(spec, source(PlantedTable.binary(300, 1)), heard, () -> asked.incrementAndGet() > 300))
                .isInstanceOf(CancellationException.class);
        assertThat(heard.explanation).isEmpty();
    }

    @Test
    void refusesCandidatesBesideAChoice() {
        assertThatThrownBy(() -> new TrainingSpec(
                        "m",
                        new TrainingSetQuery("f", "l", null, 0, 0),
                        List.of(new CandidateSpec(
                                "",
                                io.foresell.training.fit.tree.BoostedTrees.DEFAULT,
                                io.foresell.training.fit.ClassWeights.EQUAL)),
                        Preparation.NONE,
                        TWO_FOLDS,
                        null,
                        7,
                        PublishRule.BEST,
                        "",
                        Map.of(),
                        JudgePlan.DEFAULT,
                        null,
                        DEFAULTS))
                .hasMessageContaining("none with choose");
        assertThatThrownBy(() -> new ChoosePlan(0.5, false, Set.of())).hasMessageContaining("budget.seconds: 0.5");
        assertThatThrownBy(() -> new ChoosePlan(9, false, Set.of("svm")))
                .hasMessageContaining("choose.leave_out: 'svm'");
    }

    private static TrainingSet texts() {
        Random random = new Random(3);
        List<String> words = List.of("the", "order", "came", "late", "again", "and", "box", "thanks", "we", "friday");
        String[] messages = new String[240];
        double[] labels = new double[messages.length];
        for (int row = 0; row < messages.length; row++) {
            labels[row] = random.nextInt(2);
            StringBuilder message = new StringBuilder(labels[row] == 1 ? "refund" : "bravo");
            for (int word = 0; word < 6; word++) {
                message.append(' ').append(words.get(random.nextInt(words.size())));
            }
            messages[row] = message.toString();
        }
        return Tables.of(labels, Tables.texts("message", messages));
    }

    private static TrainingSpec spec(ChoosePlan plan, @Nullable Metric metric, PublishRule publish) {
        return new TrainingSpec(
                "churn",
                new TrainingSetQuery("shop", "label", null, 0, 0),
                List.of(),
                Preparation.NONE,
                TWO_FOLDS,
                metric,
                7,
                publish,
                "who leaves",
                Map.of(),
                JudgePlan.DEFAULT,
                null,
                plan);
    }

    private static io.foresell.training.dataset.TrainingSetSource source(TrainingSet set) {
        return (query, progress, isCancelled) -> set;
    }

    private List<CandidateOutcome> run(TrainingSpec spec, TrainingSet set, ProgressListener listener) {
        return new TrainingRun(RunSettings.of(2), clock::get).run(spec, source(set), listener, () -> false);
    }

    private static Manifest manifest(CandidateOutcome outcome) {
        return ModelPackage.read(outcome.packageBytes().orElseThrow()).manifest();
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
        throw new AssertionError(name);
    }
}
