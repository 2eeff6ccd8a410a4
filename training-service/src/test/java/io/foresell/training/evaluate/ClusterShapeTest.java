package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Figures of scikit-learn 1.9 on the same rows. */
final class ClusterShapeTest {
    private static final float[] ROWS = {0, 0, 1, 0, 0, 1, 5, 5, 6, 5, 5, 7, 10, 0};

    private static ClusterShape of(int... clusters) {
        return new ClusterShape(ROWS, 2, clusters, 3);
    }

    @Test
    void measuresHowFarClustersAreApart() {
        ClusterShape shape = of(0, 0, 0, 1, 1, 1, 2);

        assertThat(shape.silhouette()).isCloseTo(0.6851964092834919, within(1e-12));
        assertThat(shape.daviesBouldin()).isCloseTo(0.1990903775737586, within(1e-12));
        assertThat(shape.largestShare()).isCloseTo(3 / 7.0, within(1e-12));
        assertThat(shape.noiseShare()).isZero();
    }

    @Test
    void rowsInNoClusterCountAsIfTheyWereBetween() {
        ClusterShape withNoise = of(0, 0, 0, 1, 1, 1, -1);
        ClusterShape without = new ClusterShape(java.util.Arrays.copyOf(ROWS, 12), 2, new int[] {0, 0, 0, 1, 1, 1}, 2);

        assertThat(withNoise.silhouette()).isCloseTo(without.silhouette() * 6 / 7, within(1e-12));
        assertThat(withNoise.daviesBouldin()).isEqualTo(without.daviesBouldin());
        assertThat(withNoise.noiseShare()).isCloseTo(1 / 7.0, within(1e-12));
        assertThat(withNoise.meanSquaredDistance(withNoise.centres()))
                .isCloseTo(without.meanSquaredDistance(without.centres()), within(1e-12));
    }

    @Test
    void measuresDistancesToGivenCentres() {
        double[][] centres = {{0, 0}, {5, 5}, {Double.NaN, Double.NaN}};
        ClusterShape shape = of(0, 0, 0, 1, 1, 1, 2);

        assertThat(shape.meanSquaredDistance(centres)).isCloseTo((0 + 1 + 1 + 0 + 1 + 4) / 6.0, within(1e-12));
        double expected = 1 + (1 - 1 / Math.sqrt(41)) * 2 + 1 + (1 - 1 / Math.sqrt(61)) + (1 - 2 / Math.sqrt(74));
        assertThat(shape.simplifiedSilhouette(centres)).isCloseTo(expected / 7, within(1e-12));
    }

    @Test
    void oneClusterHasNoShape() {
        assertThat(of(1, 1, 1, 1, 1, 1, 1).silhouette()).isNaN();
        assertThat(of(1, 1, 1, -1, -1, -1, -1).daviesBouldin()).isNaN();
    }

    @Test
    void comparesDivisionsWhateverTheirPartsAreCalled() {
        assertThat(AdjustedRandIndex.of(new int[] {0, 0, 1, 1, 2, 2, 2}, new int[] {1, 1, 1, 0, 2, 2, 0}))
                .isCloseTo(0.2125, within(1e-12));
        assertThat(AdjustedRandIndex.of(new int[] {0, 0, 1, -1}, new int[] {5, 5, -1, 7}))
                .isEqualTo(1);
        assertThat(AdjustedRandIndex.of(new int[] {3, 3}, new int[] {0, 0})).isEqualTo(1);
        assertThat(AdjustedRandIndex.of(new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}))
                .isCloseTo(-0.5, within(1e-12));
    }
}
