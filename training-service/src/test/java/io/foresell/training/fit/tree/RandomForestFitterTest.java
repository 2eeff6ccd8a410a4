package io.foresell.training.fit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.Rows;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RandomForestFitterTest {
    private static final RandomForest FOREST = new RandomForest(40, 20, 3, 0);

    @Test
    void theSameSeedGivesTheSameForestWithAnyNumberOfThreads() {
        TrainingSet set = PlantedTable.binary(400, 1);

        byte[] first = onnx(set, 5, 1);

        assertThat(onnx(set, 5, 3)).isEqualTo(first);
        assertThat(onnx(set, 6, 1)).isNotEqualTo(first);
    }

    @Test
    void theOutOfBagEstimateIsWhatOtherRowsShow() {
        TrainingFold fold = TrainingFold.all(PlantedTable.multiclass(1500, 1));
        TrainingFold others = TrainingFold.all(PlantedTable.multiclass(1500, 2));

        try (FittedModel model = new RandomForestFitter(FOREST, 2).fit(FitRequest.of(fold, 1))) {
            JsonObject estimate = JsonParser.parseString(
                            new String(model.source().get("out_of_bag.json"), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            double seen = accuracy(model, others);
            assertThat(seen).isGreaterThan(0.7);
            assertThat(estimate.get("accuracy").getAsDouble()).isCloseTo(seen, within(0.04));
            assertThat(estimate.get("rows").getAsInt()).isEqualTo(1500);
            assertThat(accuracy(model, fold)).isGreaterThan(seen + 0.05);
        }
    }

    @Test
    void valuesAreBetterThanTheirMean() {
        TrainingFold fold = TrainingFold.all(PlantedTable.values(800, 1));
        TrainingFold others = TrainingFold.all(PlantedTable.values(800, 2));

        try (FittedModel model = new RandomForestFitter(FOREST, 2).fit(FitRequest.of(fold, 1))) {
            double[] answers = model.predict(others.rows(model.signature()));
            double errors = 0;
            double spread = 0;
            for (int row = 0; row < answers.length; row++) {
                double label = others.labels()[row];
                errors += (answers[row] - label) * (answers[row] - label);
                spread += (fold.meanLabel() - label) * (fold.meanLabel() - label);
            }
            assertThat(1 - errors / spread).isGreaterThan(0.7);
        }
    }

    @Test
    void endsSoonWhenCancelled() {
        AtomicInteger trees = new AtomicInteger();
        FitRequest request = FitRequest.of(TrainingFold.all(PlantedTable.binary(2000, 1)), 1)
                .heardBy((iteration, count, loss) -> trees.set(iteration))
                .until(() -> trees.get() >= 3);

        assertThatThrownBy(() -> new RandomForestFitter(RandomForest.DEFAULT, 2).fit(request))
                .isInstanceOf(CancellationException.class);
        assertThat(trees.get()).isEqualTo(3);
    }

    @Test
    void constantColumnsAnswerTheBaseRate() {
        double[] labels = {1, 0, 0, 1, 0, 0, 0, 0};
        List<String> keys = IntStream.range(0, 8).mapToObj(i -> "c" + i).toList();
        TrainingSet set = PlantedTable.set(
                keys,
                new RowBlock.NumberTarget(labels),
                List.of(
                        new RowBlock.Numbers("constant", 1, new double[8]),
                        new RowBlock.Texts("text", List.of("a"), new int[8])));

        try (FittedModel model = new RandomForestFitter(new RandomForest(400, 5, 1, 1), 1)
                .fit(FitRequest.of(TrainingFold.all(set), 1))) {
            Rows rows = TrainingFold.all(set).rows(model.signature());
            assertThat(model.predict(rows)[0]).isCloseTo(0.25, within(0.03));
        }
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> new RandomForest(0, 20, 3, 0))
                .hasMessageContaining("tree_count: 0 (expected: 1..2000)");
        assertThatThrownBy(() -> new RandomForest(1, 20, 3, 1.1)).hasMessageContaining("column_share: 1.1");
    }

    private static double accuracy(FittedModel model, TrainingFold fold) {
        double[] answers = model.predict(fold.rows(model.signature()));
        int width = model.answer().width();
        int right = 0;
        for (int row = 0; row < fold.rowCount(); row++) {
            int highest = 0;
            for (int i = 1; i < width; i++) {
                highest = answers[row * width + i] > answers[row * width + highest] ? i : highest;
            }
            right += highest == (int) fold.labels()[row] ? 1 : 0;
        }
        return (double) right / fold.rowCount();
    }

    private static byte[] onnx(TrainingSet set, long seed, int threadCount) {
        try (FittedModel model =
                new RandomForestFitter(FOREST, threadCount).fit(FitRequest.of(TrainingFold.all(set), seed))) {
            return model.onnx();
        }
    }
}
