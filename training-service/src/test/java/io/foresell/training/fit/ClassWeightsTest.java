package io.foresell.training.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.training.dataset.FeatureSetInfo;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSetBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassWeightsTest {
    private static final TrainingFold TWO = fold(new RowBlock.NumberTarget(new double[] {1, 0, 0, 0}));
    private static final TrainingFold THREE = fold(new RowBlock.TextTarget(List.of("a", "b", "b", "c")));

    @Test
    void balancedClassesCountTheSame() {
        assertThat(ClassWeights.BALANCED.of(TWO)).containsExactly(2, 2 / 3f, 2 / 3f, 2 / 3f);
        assertThat(ClassWeights.BALANCED.of(THREE)).containsExactly(4 / 3f, 2 / 3f, 2 / 3f, 4 / 3f);
    }

    @Test
    void givenWeightsAreScaledToOneOnAverage() {
        assertThat(ClassWeights.EQUAL.of(TWO)).containsExactly(1, 1, 1, 1);
        assertThat(new ClassWeights(false, Map.of("positive", 5.0)).of(TWO)).containsExactly(2.5f, 0.5f, 0.5f, 0.5f);
        assertThat(new ClassWeights(false, Map.of("c", 2.0)).of(THREE)).containsExactly(0.8f, 0.8f, 0.8f, 1.6f);
    }

    @Test
    void refusesUnknownClassesBadWeightsAndValues() {
        assertThatThrownBy(() -> new ClassWeights(false, Map.of("d", 2.0)).of(THREE))
                .hasMessageContaining("'d' (expected: of a, b, c; nearest: a)");
        assertThatThrownBy(() -> new ClassWeights(false, Map.of("positive", 0.0)))
                .hasMessageContaining("class_weights.positive");
        TrainingFold values = fold(new RowBlock.NumberTarget(new double[] {1, 2, 3, 4}));
        assertThatThrownBy(() -> ClassWeights.BALANCED.of(values)).hasMessageContaining("task regression");
    }

    private static TrainingFold fold(RowBlock.Target labels) {
        List<String> keys = Collections.nCopies(labels.count(), "k");
        return TrainingFold.all(new TrainingSetBuilder(new FeatureSetInfo("shop", "hash", "left", "customer", Map.of()))
                .add(new RowBlock(
                        keys,
                        new long[labels.count()],
                        labels,
                        List.of(new RowBlock.Numbers("x", 1, new double[labels.count()]))))
                .build());
    }
}
