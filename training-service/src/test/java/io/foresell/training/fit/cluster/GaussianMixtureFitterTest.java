package io.foresell.training.fit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures of scikit-learn 1.9 (GaussianMixture, reg_covar 1e-3, best of 20) on the same standardised rows. */
final class GaussianMixtureFitterTest {
    private final TrainingSet groups = PlantedClusters.groups();

    private static GaussianMixture of(int k, CovarianceKind kind) {
        return new GaussianMixture(ClusterCount.of(k), kind, 20, 1000, 1e-3);
    }

    @ParameterizedTest
    @CsvSource({
        "FULL, 2, -1465.86, 3002.8", "FULL, 4, -976.80, 2102.2", "DIAGONAL, 3, -1307.96, 2706.4",
        "DIAGONAL, 4, -1085.05, 2292.9", "TIED, 3, -1336.71, 2744.5", "TIED, 4, -1281.56, 2653.6",
        "SPHERICAL, 3, -1388.45, 2848.0", "SPHERICAL, 4, -1220.57, 2538.1",
    })
    void reachesTheLikelihoodOfOtherPrograms(CovarianceKind kind, int k, double logLikelihood, double bic) {
        try (FittedModel model = ClusterFits.fit(of(k, kind), groups, 2, 7)) {
            assertThat(ClusterFits.noted(model, "Log-likelihood")).isCloseTo(logLikelihood, within(0.05));
            assertThat(ClusterFits.noted(model, "criterion")).isCloseTo(bic, within(0.2));
            assertThat(ClusterFits.served(model, groups)).doesNotContain(k);
        }
    }

    @Test
    void choosesTheNumberOfClustersByTheLeastCriterion() {
        try (FittedModel model = ClusterFits.fit(GaussianMixture.DEFAULT, groups, 2, 7)) {
            assertThat(model.answer().labels()).hasSize(4);
            assertThat(model.notes().get(0))
                    .startsWith(
                            "4 clusters chosen of 2 to 10: the least Bayesian information criterion (2: 3002.8, 3: 2598.3");
        }
    }

    @Test
    void theSameSeedGivesTheSameModelWhateverTheThreads() {
        byte[] first = onnx(1);

        assertThat(onnx(2)).isEqualTo(first);
    }

    private byte[] onnx(int threads) {
        try (FittedModel model = ClusterFits.fit(of(3, CovarianceKind.FULL), groups, threads, 5)) {
            return model.onnx();
        }
    }

    @Test
    void widensDistributionsThatFloatsCannotServe() {
        Random random = new Random(1);
        double[] a = random.doubles(4000).map(x -> x * 1e-4).toArray();
        for (int i = 0; i < 4000; i += 2) {
            a[i] += 3;
        }
        a[1] = 1e6;
        double[] b = random.doubles(4000).toArray();
        TrainingSet narrow = PlantedClusters.set(new RowBlock.Numbers("a", 1, a), new RowBlock.Numbers("b", 1, b));
        GaussianMixture mixture = new GaussianMixture(ClusterCount.of(3), CovarianceKind.FULL, 2, 100, 1e-5);

        try (FittedModel model = ClusterFits.fit(mixture, narrow, 2, 1)) {
            assertThat(ClusterFits.served(model, narrow)).hasSize(4000);
        }
    }

    @Test
    void refusesMatricesOverTooManyColumns() {
        TrainingSet wide = PlantedClusters.set(
                new RowBlock.Numbers("s", 501, new Random(1).doubles(501 * 9).toArray()));

        assertThatThrownBy(() -> ClusterFits.fit(of(2, CovarianceKind.TIED), wide, 1, 1))
                .hasMessageContaining("encoded columns: 501 (expected: at most 500");
        assertThatThrownBy(() -> new GaussianMixture(ClusterCount.of(2), CovarianceKind.FULL, 1, 1, 0))
                .hasMessageContaining("regularization: 0");
    }

    @Test
    void stopsWhenItIsNoLongerWanted() {
        FitRequest request = FitRequest.of(TrainingFold.all(groups), 1);
        int[] asked = {0};

        assertThatThrownBy(() -> of(3, CovarianceKind.FULL).fitter(1).fit(request.until(() -> ++asked[0] > 40)))
                .isInstanceOf(CancellationException.class);
    }
}
