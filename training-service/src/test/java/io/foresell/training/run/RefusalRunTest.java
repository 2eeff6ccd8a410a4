package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.training.dataset.PlantedIntents;
import io.foresell.training.dataset.PlantedRows;
import io.foresell.training.dataset.PlantedTexts;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.linear.LinearRegression;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neural.NeuralNetwork;
import io.foresell.training.prepare.ColumnRule;
import io.foresell.training.prepare.Preparation;
import io.foresell.training.prepare.RowRules;
import io.foresell.training.prepare.TextPlan;
import io.foresell.training.prepare.TextRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that say "none of these", from rows to package. */
final class RefusalRunTest {
    private static final SplitPlan BY_PART = new SplitPlan.ByValue("part", Set.of("test"));
    private static final SplitPlan THREE_FOLDS = new SplitPlan.KFold(3, SplitPlan.FoldBy.ROW_INDEX);
    private static final TextRule WORDS = new TextRule.Words(1, 1, new TextRule.TermChoice(500, 1, true, true, true));
    private static final Preparation MESSAGES = new Preparation(
            new RowRules(List.of(), RowRules.Duplicates.KEEP),
            List.of(new ColumnRule(List.of("message"), new TextPlan(WORDS, false, false))),
            List.of(),
            List.of());

    private static CandidateOutcome run(
            TrainingSet set,
            Algorithm algorithm,
            Preparation preparation,
            SplitPlan split,
            @Nullable RefusalPlan plan) {
        return run(set, algorithm, preparation, split, plan, progress -> {});
    }

    private static CandidateOutcome run(
            TrainingSet set,
            Algorithm algorithm,
            Preparation preparation,
            SplitPlan split,
            @Nullable RefusalPlan plan,
            ProgressListener listener) {
        TrainingSpec spec = new TrainingSpec(
                "intents",
                new TrainingSetQuery("shop", "label", null, 0, 0),
                List.of(new CandidateSpec("", algorithm, ClassWeights.EQUAL)),
                preparation,
                split,
                null,
                42,
                PublishRule.ALL,
                "",
                Map.of(),
                JudgePlan.DEFAULT,
                plan,
                null);
        return new TrainingRun(1)
                .run(spec, (query, reading, cancelled) -> set, listener, () -> false)
                .get(0);
    }

    private static LoadedPackage loaded(CandidateOutcome outcome) {
        return LoadedPackage.load(outcome.packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
    }

    private static boolean refuses(LoadedPackage loaded, String message) {
        float[] answers = new float[loaded.modelPackage().answer().width()];
        loaded.scorer().score(new Rows(1, new float[0], new String[] {message}), answers);
        return loaded.modelPackage().refuses(answers, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesOfNoIntentAreRefusedAndThoseOfKnownOnesAnswered(boolean isByPart) {
        RefusalPlan plan = new RefusalPlan(OptionalDouble.empty(), 0.05, 3, Set.of("other"));

        CandidateOutcome outcome = run(
                PlantedIntents.of(800, 5),
                new LogisticRegression(10, 0),
                MESSAGES,
                isByPart ? BY_PART : THREE_FOLDS,
                plan);

        // Models fitted on all rows are surer than those that the threshold was fitted by.
        assertThat(outcome.evaluation().metric(Metric.REFUSED_SHARE)).isLessThan(0.06);
        assertThat(outcome.evaluation().metric(Metric.ANSWERED_ACCURACY)).isGreaterThan(0.98);
        assertThat(outcome.evaluation().metric(Metric.UNKNOWN_REFUSED_SHARE)).isGreaterThan(0.95);
        assertThat(outcome.evaluation().warnings()).anySatisfy(sentence -> assertThat(sentence)
                .contains("Refuses to answer below a probability of")
                .contains("rows that belong to none of the classes"));
        LoadedPackage loaded = loaded(outcome);
        Manifest manifest = loaded.modelPackage().manifest();
        assertThat(manifest.getAnswer().getLabelsList()).containsExactly("card", "loan", "rate");
        assertThat(manifest.getInputsList())
                .extracting(input -> input.getName())
                .doesNotContain(isByPart ? "part" : "x");
        if (isByPart) {
            assertThat(refuses(loaded, "what is the weather today")).isTrue();
            assertThat(refuses(loaded, "please tell my card pin")).isFalse();
        }
    }

    @Test
    void aModelOfTwoClassesRefusesWhatItIsUnsureOfAndNoneRefusesUnasked() {
        TrainingSet set = PlantedRows.binary(400, 0.5, 3);
        CandidateOutcome careful =
                run(set, LogisticRegression.DEFAULT, Preparation.NONE, THREE_FOLDS, RefusalPlan.ofShare(0.3));
        CandidateOutcome usual = run(set, LogisticRegression.DEFAULT, Preparation.NONE, THREE_FOLDS, null);

        assertThat(careful.evaluation().metric(Metric.REFUSED_SHARE)).isCloseTo(0.3, within(0.1));
        assertThat(careful.evaluation().metric(Metric.ACCURACY))
                .isEqualTo(usual.evaluation().metric(Metric.ACCURACY));
        assertThat(loaded(careful).modelPackage().manifest().getRefuseBelow()).isBetween(0.5, 1.0);
        assertThat(usual.evaluation().metrics()).doesNotContainKey("refused_share");
        assertThat(loaded(usual).modelPackage().manifest().hasRefuseBelow()).isFalse();
    }

    /** Five models more for each of three folds and for the one that is published: each of them moves the bar. */
    @Test
    void progressMovesWhileModelsTellWhenToRefuse() {
        List<Progress> all = new ArrayList<>();
        run(
                PlantedRows.classes(200, 3),
                LogisticRegression.DEFAULT,
                Preparation.NONE,
                THREE_FOLDS,
                RefusalPlan.ofShare(0.2),
                all::add);

        assertThat(all).extracting(Progress::fraction).isSorted();
        List<Double> whileRefusing = all.stream()
                .filter(progress -> progress.stage().endsWith("to know when to refuse)"))
                .map(Progress::fraction)
                .distinct()
                .toList();
        assertThat(whileRefusing).hasSizeGreaterThanOrEqualTo(20);
        assertThat(whileRefusing.get(whileRefusing.size() - 1)).isBetween(0.9, 0.98);
    }

    @Test
    void whatIsAnsweredIsMoreOftenRight() {
        CandidateOutcome careful = run(
                PlantedRows.classes(400, 3),
                LogisticRegression.DEFAULT,
                Preparation.NONE,
                THREE_FOLDS,
                RefusalPlan.ofShare(0.2));

        assertThat(careful.evaluation().metric(Metric.REFUSED_SHARE)).isCloseTo(0.2, within(0.07));
        assertThat(careful.evaluation().metric(Metric.ANSWERED_ACCURACY))
                .isGreaterThan(careful.evaluation().metric(Metric.ACCURACY) + 0.02);
    }

    @Test
    void aThresholdMayBeGiven() {
        RefusalPlan plan = new RefusalPlan(OptionalDouble.of(0.999), 0.05, 5, Set.of());
        CandidateOutcome outcome = run(PlantedIntents.of(400, 5), LogisticRegression.DEFAULT, MESSAGES, BY_PART, plan);

        assertThat(outcome.evaluation().metric(Metric.REFUSED_SHARE)).isEqualTo(1);
        assertThat(outcome.evaluation().metrics()).doesNotContainKeys("answered_accuracy", "unknown_refused_share");
        assertThat(loaded(outcome).modelPackage().manifest().getRefuseBelow()).isEqualTo(0.999);
    }

    @Test
    void refusesClassesThatAreNotThereAndTasksWithoutClasses() {
        RefusalPlan misspelt = new RefusalPlan(OptionalDouble.empty(), 0.05, 3, Set.of("others"));
        assertThatThrownBy(
                        () -> run(PlantedIntents.of(100, 5), LogisticRegression.DEFAULT, MESSAGES, BY_PART, misspelt))
                .hasMessageContaining("refuse.unknown: others (expected: one of the 4 classes, such as card)");
        assertThatThrownBy(() -> run(
                        PlantedRows.values(100, 5),
                        LinearRegression.DEFAULT,
                        Preparation.NONE,
                        THREE_FOLDS,
                        RefusalPlan.ofShare(0.1)))
                .hasMessageContaining("refuse: given for task regression");
    }

    @Test
    void aNetworkReadsMoreDifferentMessagesThanCategoriesCouldBe() {
        List<String> messages = PlantedTexts.of(1_500, 3).categories("message");
        assertThat(messages).hasSizeGreaterThan(TrainingSetChecks.MAX_CATEGORIES);
        assertThat(NeuralNetwork.DEFAULT.readsWords("message", messages)).isTrue();
        assertThat(NeuralNetwork.DEFAULT.readsWords("message", List.of("a1", "b2", "c3")))
                .isFalse();
        assertThat(LogisticRegression.DEFAULT.readsWords("message", messages)).isFalse();
    }
}
