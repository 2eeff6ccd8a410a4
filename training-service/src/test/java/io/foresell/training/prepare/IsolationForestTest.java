package io.foresell.training.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scores of scikit-learn 1.9 (IsolationForest, 500 trees over 256 rows) on the same rows; its own seeds differ by up to 0.018. */
final class IsolationForestTest {
    private final TrainingSet groups = PlantedClusters.groups();

    private double[] scores(long seed) {
        return scores(groups, 500, IsolationForest.USUAL_SAMPLE, seed);
    }

    private static double[] scores(TrainingSet set, int treeCount, int sampleSize, long seed) {
        Encodings encodings = FitRequest.of(TrainingFold.all(set), 1).encodings();
        Preprocessing columns = encodings.standardizedFlat();
        float[] values = columns.encode(encodings.rows());
        return IsolationForest.fit(values, columns.encodedWidth(), treeCount, sampleSize, seed)
                .scores(values);
    }

    @Test
    void scoresPlantedOutliersLikeOtherPrograms() {
        double[] scores = scores(3);

        int[] rows = {0, 1, 100, 200, 300, 599, 600, 610, 620, 630, 639};
        double[] expected = {0.3853, 0.3884, 0.4383, 0.3937, 0.4292, 0.4582, 0.6511, 0.4871, 0.6560, 0.5107, 0.6767};
        for (int i = 0; i < rows.length; i++) {
            assertThat(scores[rows[i]]).as("row %d", rows[i]).isCloseTo(expected[i], within(0.02));
        }
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -scores[row]))
                .toList();
        assertThat(order.subList(0, 8)).containsExactlyInAnyOrder(619, 629, 621, 608, 609, 603, 638, 633);
        assertThat(shareOfPairsInOrder(scores)).isCloseTo(0.9644, within(0.005));
    }

    /** Returns the probability that a planted outlier scores above an ordinary row. */
    private static double shareOfPairsInOrder(double[] scores) {
        double wins = 0;
        for (int outlier = PlantedClusters.GROUPED; outlier < scores.length; outlier++) {
            for (int row = 0; row < PlantedClusters.GROUPED; row++) {
                wins += scores[outlier] > scores[row] ? 1 : 0;
            }
        }
        return wins / PlantedClusters.GROUPED / PlantedClusters.NOISE;
    }

    @Test
    void theSameSeedGivesTheSameScores() {
        assertThat(scores(4)).isEqualTo(scores(4));
        assertThat(scores(5)).isNotEqualTo(scores(4));
    }

    @Test
    void equalRowsAreOrdinary() {
        TrainingSet equal = PlantedClusters.set(new RowBlock.Numbers("n", 1, new double[50]));

        double[] scores = scores(equal, 10, 32, 1);

        assertThat(Arrays.stream(scores).distinct()).hasSize(1);
        assertThat(scores[0]).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> scores(groups, 0, 256, 1)).hasMessageContaining("tree_count");
        assertThatThrownBy(() -> scores(groups, 10, 1, 1)).hasMessageContaining("sample_size");
    }
}
