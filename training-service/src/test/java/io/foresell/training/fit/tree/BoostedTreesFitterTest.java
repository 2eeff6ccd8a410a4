package io.foresell.training.fit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.RowChunks;
import io.foresell.training.fit.linear.LogisticRegression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BoostedTreesFitterTest {
    private static final BoostedTrees PARAMETERS = new BoostedTrees(20, 0.1, 3, 0, 1, 0.7, 0.7, 1);

    private final TrainingFold fold = TrainingFold.all(PlantedSequences.of(300, 6, 1));

    @Test
    void theSameSeedGivesTheSameModel() {
        byte[] first = onnx(5);

        assertThat(onnx(5)).isEqualTo(first);
        assertThat(onnx(6)).isNotEqualTo(first);
    }

    @Test
    void reportsEveryTreeWithItsFallingLoss() {
        List<Double> losses = new ArrayList<>();
        new BoostedTreesFitter(PARAMETERS, 1)
                .fit(FitRequest.of(fold, 1).heardBy((iteration, count, loss) -> losses.add(loss)))
                .close();

        assertThat(losses).hasSize(20);
        assertThat(losses.get(19)).isLessThan(losses.get(0)).isPositive();
    }

    @Test
    void stopsBetweenTrees() {
        List<Integer> trees = new ArrayList<>();

        assertThatThrownBy(() -> new BoostedTreesFitter(PARAMETERS, 1)
                        .fit(FitRequest.of(fold, 1)
                                .heardBy((iteration, count, loss) -> trees.add(iteration))
                                .until(() -> trees.size() == 3)))
                .isInstanceOf(CancellationException.class);
        assertThat(trees).containsExactly(1, 2, 3);
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> new BoostedTrees(0, 0.1, 3, 0, 1, 1, 1, 1))
                .hasMessageContaining("tree_count: 0 (expected: 1..5000)");
        assertThatThrownBy(() -> new BoostedTrees(10, 1.5, 3, 0, 1, 1, 1, 1))
                .hasMessageContaining("learning_rate: 1.5");
        assertThatThrownBy(() -> new LogisticRegression(0)).hasMessageContaining("inverse_penalty: 0");
    }

    @Test
    void learnsSeveralClasses() {
        TrainingFold classes = TrainingFold.all(PlantedTable.multiclass(900, 1));
        TrainingFold others = TrainingFold.all(PlantedTable.multiclass(900, 2));

        try (FittedModel model =
                new BoostedTrees(40, 0.2, 4, 0, 1, 1, 1, 1).fitter(1).fit(FitRequest.of(classes, 1))) {
            double[] answers = model.predict(others.rows(model.signature()));
            int right = 0;
            for (int row = 0; row < 900; row++) {
                assertThat(answers[3 * row] + answers[3 * row + 1] + answers[3 * row + 2])
                        .isCloseTo(1, within(1e-5));
                right += answers[3 * row + (int) others.labels()[row]] > 0.5 ? 1 : 0;
            }
            assertThat(model.answer()).isEqualTo(Answer.multiclass(List.of("high", "low", "medium")));
            assertThat(right).isGreaterThan(650);
        }
    }

    @Test
    void learnsValues() {
        TrainingFold values = TrainingFold.all(PlantedTable.values(900, 1));
        TrainingFold others = TrainingFold.all(PlantedTable.values(900, 2));

        try (FittedModel model =
                new BoostedTrees(60, 0.2, 4, 0, 1, 1, 1, 1).fitter(1).fit(FitRequest.of(values, 1))) {
            double[] answers = model.predict(others.rows(model.signature()));
            double errors = 0;
            double spread = 0;
            for (int row = 0; row < 900; row++) {
                errors += Math.pow(answers[row] - others.labels()[row], 2);
                spread += Math.pow(values.meanLabel() - others.labels()[row], 2);
            }
            assertThat(1 - errors / spread).isGreaterThan(0.8);
        }
    }

    @Test
    void aHeldBackShareFindsFewerTreesWhereMoreOnlyRemember() {
        TrainingFold noisy = TrainingFold.all(PlantedTable.binary(400, 1));
        BoostedTrees fixed = new BoostedTrees(300, 0.3, 6, 0, 0, 1, 1, 0);
        BoostedTrees stopped = new BoostedTrees(300, 0.3, 6, 0, 0, 1, 1, 0, 0.25, 10);
        List<Integer> iterations = new ArrayList<>();

        try (FittedModel all = fixed.fitter(1).fit(FitRequest.of(noisy, 1));
                FittedModel few = stopped.fitter(1)
                        .fit(FitRequest.of(noisy, 1).heardBy((iteration, count, loss) -> iterations.add(iteration)))) {
            assertThat(few.onnx().length).isLessThan(all.onnx().length / 4);
            assertThat(iterations).isSorted();
            assertThat(stopped.asText())
                    .containsEntry("held_back_share", "0.25")
                    .containsEntry("patience", "10");
        }
    }

    @Test
    void weightsMoveTheMeanAnswer() {
        FitRequest request = FitRequest.of(fold, 1);

        assertThat(meanAnswer(request)).isCloseTo(fold.meanLabel(), within(0.02));
        assertThat(meanAnswer(request.weighted(ClassWeights.BALANCED))).isBetween(0.44, 0.54);
    }

    private static double meanAnswer(FitRequest request) {
        try (FittedModel model = new BoostedTreesFitter(PARAMETERS, 1).fit(request)) {
            return Arrays.stream(model.predict(request.fold().rows(model.signature())))
                    .average()
                    .orElseThrow();
        }
    }

    @Test
    void tenThousandCategoriesFit() {
        int count = 20_000;
        List<String> keys = IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
        List<String> names =
                IntStream.range(0, count / 2).mapToObj(i -> "k" + i).toList();
        TrainingSet set = PlantedTable.set(
                keys,
                new RowBlock.NumberTarget(IntStream.range(0, count)
                        .mapToDouble(i -> i % 7 == 0 ? 1 : 0)
                        .toArray()),
                List.of(
                        new RowBlock.Texts(
                                "key",
                                names,
                                IntStream.range(0, count).map(i -> i / 2).toArray()),
                        new RowBlock.Numbers("constant", 1, new double[count]),
                        new RowBlock.Numbers(
                                "remainder",
                                1,
                                IntStream.range(0, count)
                                        .mapToDouble(i -> i % 7)
                                        .toArray())));

        try (FittedModel model =
                new BoostedTrees(5, 0.5, 3, 0, 1, 1, 1, 1).fitter(2).fit(FitRequest.of(TrainingFold.all(set), 1))) {
            Rows rows = RowChunks.slice(TrainingFold.all(set).rows(model.signature()), 0, 14);
            double[] answers = model.predict(rows);
            assertThat(answers[0]).isGreaterThan(0.7);
            assertThat(answers[1]).isLessThan(0.1);
        }
    }

    @Test
    void refusesMoreTreesThanAPackageHolds() {
        BoostedTrees many = new BoostedTrees(5000, 0.1, 3, 0, 1, 1, 1, 1);
        List<String> labels = IntStream.range(0, 60).mapToObj(i -> "l" + i % 5).toList();
        TrainingFold five = TrainingFold.all(PlantedTable.set(
                IntStream.range(0, 60).mapToObj(i -> "c" + i).toList(),
                new RowBlock.TextTarget(labels),
                List.of(new RowBlock.Numbers("x", 1, new double[60]))));
        assertThatThrownBy(() -> many.fitter(1).fit(FitRequest.of(five, 1)))
                .hasMessageContaining("tree_count times classes: 5000 times 5 (expected: at most 20000)");
    }

    private byte[] onnx(long seed) {
        try (FittedModel model = new BoostedTreesFitter(PARAMETERS, 2).fit(FitRequest.of(fold, seed))) {
            assertThat(model.libraryVersions()).containsEntry("xgboost4j_2.12", "3.0.4");
            assertThat(model.source().get("model.ubj")).isNotEmpty();
            return model.onnx();
        }
    }
}
