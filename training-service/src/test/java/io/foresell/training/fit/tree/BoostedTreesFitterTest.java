package io.foresell.training.fit.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.linear.LogisticRegression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
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

    private byte[] onnx(long seed) {
        try (FittedModel model = new BoostedTreesFitter(PARAMETERS, 2).fit(FitRequest.of(fold, seed))) {
            assertThat(model.libraryVersions()).containsEntry("xgboost4j_2.12", "3.0.4");
            assertThat(model.source().get("model.ubj")).isNotEmpty();
            return model.onnx();
        }
    }
}
