package io.foresell.training.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.tree.BoostedTrees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SearchTest {
    private static final TrainingFold ROWS = TrainingFold.all(PlantedSequences.of(600, 6, 5));
    private static final List<Dimension> SPACE = List.of(
            new Dimension.Range("learning_rate", 0.001, 0.5, true, false),
            new Dimension.Range("max_depth", 1, 6, false, true));

    /** Steps so small that the default answers nearly the base rate to everyone. */
    private static Algorithm trees(Map<String, Object> values) {
        double rate = (double) values.getOrDefault("learning_rate", 1e-5);
        int depth = (int) (double) values.getOrDefault("max_depth", 1.0);
        return new BoostedTrees(20, rate, depth, 0, 1, 1, 1, 1);
    }

    private static SearchPlan plan(SearchPlan.Method method, int trials, double seconds) {
        return new SearchPlan(method, trials, seconds, 3, SPACE, SearchTest::trees);
    }

    @ParameterizedTest
    @EnumSource
    void findsBetterThanTheDefaultWhichIsAlwaysTried(SearchPlan.Method method) {
        List<Integer> heard = new ArrayList<>();
        // Halving judges most configurations on few rows: it needs more of them.
        int trials = method == SearchPlan.Method.HALVING ? 36 : 12;

        Search.Found found = new Search(
                        plan(method, trials, 60), Metric.LOG_LOSS, 2, (trial, count, best) -> heard.add(trial))
                .run(FitRequest.of(ROWS, 3));

        assertThat(found.trials().get(0).isDefault()).isTrue();
        assertThat(found.best().metric()).isLessThan(found.trials().get(0).metric() - 0.05);
        assertThat(((BoostedTrees) found.algorithm()).learningRate()).isGreaterThan(0.01);
        assertThat(heard).isNotEmpty();
    }

    @Test
    void sameSeedAndThreadsTryTheSame() {
        SearchPlan plan = plan(SearchPlan.Method.TPE, 10, 60);

        assertThat(coordinates(plan)).isEqualTo(coordinates(plan));
    }

    private static List<List<Double>> coordinates(SearchPlan plan) {
        return new Search(plan, Metric.ROC_AUC, 2, (trial, count, best) -> {})
                .run(FitRequest.of(ROWS, 3)).trials().stream()
                        .map(Trial::coordinates)
                        .toList();
    }

    @Test
    void keepsTheDefaultWhenNothingIsBetterOrTimeIsUp() {
        SearchPlan worse = new SearchPlan(
                SearchPlan.Method.RANDOM,
                4,
                60,
                3,
                List.of(new Dimension.Range("learning_rate", 1e-6, 2e-6, false, false)),
                values -> trees(values.isEmpty() ? Map.of("learning_rate", 0.3, "max_depth", 3.0) : values));

        Search.Found found =
                new Search(worse, Metric.LOG_LOSS, 2, (trial, count, best) -> {}).run(FitRequest.of(ROWS, 3));
        Search.Found hurried = new Search(
                        plan(SearchPlan.Method.TPE, 50, 0.001), Metric.LOG_LOSS, 1, (trial, count, best) -> {})
                .run(FitRequest.of(ROWS, 3));

        assertThat(found.best().isDefault()).isTrue();
        assertThat(found.trials().subList(1, 5)).allMatch(trial -> trial.foldCount() < 3);
        assertThat(hurried.trials()).hasSize(1);
        assertThat(hurried.best().isDefault()).isTrue();
    }

    @Test
    void aConfigurationThatFailsLosesAndTheDefaultsFailureEndsTheSearch() {
        SearchPlan outOfRange = new SearchPlan(
                SearchPlan.Method.RANDOM,
                3,
                60,
                3,
                List.of(new Dimension.Range("learning_rate", 2, 3, false, false)),
                SearchTest::trees);
        Search search = new Search(outOfRange, Metric.LOG_LOSS, 1, (trial, count, best) -> {});

        Search.Found found = search.run(FitRequest.of(ROWS, 3));

        assertThat(found.best().isDefault()).isTrue();
        assertThat(found.trials().subList(1, 4))
                .allMatch(trial -> trial.failure().contains("learning_rate"));
        SearchPlan broken = new SearchPlan(
                SearchPlan.Method.RANDOM, 3, 60, 3, SPACE, values -> trees(Map.of("learning_rate", 7.0)));
        assertThatThrownBy(() ->
                        new Search(broken, Metric.LOG_LOSS, 1, (trial, count, best) -> {}).run(FitRequest.of(ROWS, 3)))
                .hasMessageContaining("PARAMETER_OUT_OF_RANGE");
    }

    @Test
    void stopsWhenCancelled() {
        assertThatThrownBy(() -> new Search(
                                plan(SearchPlan.Method.TPE, 50, 60), Metric.LOG_LOSS, 2, (trial, count, best) -> {})
                        .run(FitRequest.of(ROWS, 3).until(() -> true)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void innerFoldsShareTheRowsOfTheirFoldOnly() {
        List<TrainingFold.Parts> folds = ROWS.innerFolds(4, 9);

        assertThat(folds)
                .allMatch(fold ->
                        fold.heldBack().rowCount() == 150 && fold.fitted().rowCount() == 450);
        double rate = ROWS.meanLabel();
        assertThat(folds).allMatch(fold -> Math.abs(fold.fitted().meanLabel() - rate) < 0.01);
        FitRequest tiny = FitRequest.of(ROWS.holdBack(0.005, 1).heldBack(), 1);
        assertThatThrownBy(() -> new Search(
                                plan(SearchPlan.Method.TPE, 3, 60), Metric.LOG_LOSS, 1, (trial, count, best) -> {})
                        .run(tiny))
                .hasMessageContaining("TOO_FEW_ROWS");
    }
}
