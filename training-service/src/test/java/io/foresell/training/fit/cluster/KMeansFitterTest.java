package io.foresell.training.fit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.AdjustedRandIndex;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of scikit-learn 1.9 (KMeans, best of 10 or 20) on the same rows. */
final class KMeansFitterTest {
    private final TrainingSet groups = PlantedClusters.groups();

    private static KMeans of(int k) {
        return new KMeans(ClusterCount.of(k), 10, 300);
    }

    @Test
    void reachesThePublishedInertiaOfShopCustomers() throws Exception {
        TrainingSet customers = PlantedClusters.shopCustomers();
        assertThat(customers.rowCount()).isEqualTo(3360);
        double[] expected = {3803.10, 3008.04, 2570.58};
        for (int k = 3; k <= 5; k++) {
            try (FittedModel model = ClusterFits.fit(of(k), customers, 2, 7)) {
                assertThat(ClusterFits.noted(model, "Inertia")).isCloseTo(expected[k - 3], within(0.5));
                int[] sizes = ClusterFits.sizes(ClusterFits.served(model, customers), k);
                assertThat(Arrays.stream(sizes).map(size -> -size).toArray()).isSorted();
            }
        }
    }

    @Test
    void findsTheLeastInertiaOfPlantedGroups() {
        double[] expected = {729.1442, 239.6390, 192.3327, 154.5263};
        for (int k = 2; k <= 5; k++) {
            try (FittedModel model = ClusterFits.fit(new KMeans(ClusterCount.of(k), 20, 300), groups, 2, 7)) {
                assertThat(ClusterFits.noted(model, "Inertia")).isCloseTo(expected[k - 2], within(0.01));
            }
        }
    }

    @Test
    void choosesTheNumberOfClustersAndSaysWhy() {
        try (FittedModel model = ClusterFits.fit(KMeans.DEFAULT, groups, 2, 1)) {
            assertThat(model.answer().labels()).containsExactly("cluster_1", "cluster_2", "cluster_3");
            assertThat(model.notes().get(0))
                    .startsWith(
                            "3 clusters chosen of 2 to 10: the highest mean silhouette on 640 rows (2: 0.4982, 3: 0.6770");
            int[] labels = ClusterFits.served(model, groups);
            int[] truth = IntStream.range(0, PlantedClusters.GROUPED)
                    .map(PlantedClusters::groupOf)
                    .toArray();
            assertThat(AdjustedRandIndex.of(truth, Arrays.copyOf(labels, truth.length)))
                    .isGreaterThan(0.97);
        }
    }

    @Test
    void theSameSeedGivesTheSameModelWhateverTheThreads() {
        byte[] first = onnx(1, 5);

        assertThat(onnx(3, 5)).isEqualTo(first);
        assertThat(onnx(1, 5)).isEqualTo(first);
    }

    private byte[] onnx(int threads, long seed) {
        try (FittedModel model = ClusterFits.fit(of(7), groups, threads, seed)) {
            return model.onnx();
        }
    }

    @Test
    void boundsChangeNoAssignment() {
        FitRequest request = FitRequest.of(TrainingFold.all(groups), 3);
        EncodedRows rows = EncodedRows.of(
                request.encodings().standardizedFlat(), request.encodings().rows());
        double[][] seeds = new CentreSeeds(rows, request, 3).draw(6);

        Partition partition = new CentrePasses(rows, seeds, request).run(300);

        assertThat(partition.clusters()).isEqualTo(plainLloyd(rows, seeds));
    }

    private static int[] plainLloyd(EncodedRows rows, double[][] seeds) {
        double[][] centres = seeds.clone();
        int[] clusters = new int[rows.rowCount()];
        for (boolean isChanged = true; isChanged; ) {
            isChanged = false;
            for (int row = 0; row < clusters.length; row++) {
                int best = 0;
                for (int k = 1; k < centres.length; k++) {
                    best = rows.squaredDistance(row, centres[k]) < rows.squaredDistance(row, centres[best]) ? k : best;
                }
                isChanged |= clusters[row] != best;
                clusters[row] = best;
            }
            for (int k = 0; k < centres.length; k++) {
                int wanted = k;
                int[] own = IntStream.range(0, clusters.length)
                        .filter(row -> clusters[row] == wanted)
                        .toArray();
                double[] mean = new double[rows.width()];
                for (int row : own) {
                    for (int i = 0; i < mean.length; i++) {
                        mean[i] += rows.values()[row * mean.length + i] / (double) own.length;
                    }
                }
                centres[k] = mean;
            }
        }
        return clusters;
    }

    @Test
    void namesClustersFromTheLargestOn() {
        KMeans named = new KMeans(new ClusterCount(3, 0, 0, List.of("regulars", "browsers", "whales")), 10, 300);
        try (FittedModel model = ClusterFits.fit(named, groups, 1, 1)) {
            assertThat(model.answer().labels()).containsExactly("regulars", "browsers", "whales");
            assertThat(ClusterFits.sizes(ClusterFits.served(model, groups), 3)).containsExactly(318, 208, 114);
        }
    }

    @Test
    void readsTextsAndMissingNumbers() {
        double[] number = new double[60];
        int[] plan = new int[60];
        for (int i = 0; i < 60; i++) {
            number[i] = i % 7 == 0 ? Double.NaN : i % 2 * 10 + i * 0.01;
            plan[i] = i % 2;
        }
        TrainingSet set = PlantedClusters.set(
                new RowBlock.Numbers("n", 1, number), new RowBlock.Texts("plan", List.of("free", "paid"), plan));
        try (FittedModel model = ClusterFits.fit(of(2), set, 1, 1)) {
            int[] labels = ClusterFits.served(model, set);
            assertThat(IntStream.range(0, 60)
                            .map(i -> labels[i] ^ (i % 2))
                            .distinct()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void refusesFewerDifferentRowsThanClusters() {
        TrainingSet twice = PlantedClusters.set(new RowBlock.Numbers("n", 1, new double[] {1, 2, 1, 2, 1}));

        assertThatThrownBy(() -> ClusterFits.fit(of(3), twice, 1, 1))
                .hasMessageContaining("different rows to fit on: 2 of 5 (expected: at least 3");
        try (FittedModel model = ClusterFits.fit(KMeans.DEFAULT, twice, 1, 1)) {
            assertThat(model.answer().labels()).hasSize(2);
        }
    }

    @Test
    void refusesParametersOutOfRangeAndWeightsOfClasses() {
        assertThatThrownBy(() -> of(1)).hasMessageContaining("k: 1 (expected: 2..200)");
        assertThatThrownBy(() -> new KMeans(ClusterCount.between(4, 3), 10, 300))
                .hasMessageContaining("k_max: 3 (expected: 4..200)");
        assertThatThrownBy(() -> new KMeans(ClusterCount.of(3), 0, 300)).hasMessageContaining("restarts: 0");
        assertThatThrownBy(() -> new ClusterCount(2, 0, 0, List.of("a", "noise")))
                .hasMessageContaining("none of them noise");
        FitRequest weighted = FitRequest.of(TrainingFold.all(groups), 1).weighted(ClassWeights.BALANCED);
        assertThatThrownBy(() -> of(2).fitter(1).fit(weighted)).hasMessageContaining("CLASS_WEIGHTS_WITHOUT_CLASSES");
    }

    @Test
    void stopsBetweenRestartsAndReportsThem() {
        List<Integer> heard = new ArrayList<>();
        FitRequest request = FitRequest.of(TrainingFold.all(groups), 1)
                .heardBy((iteration, count, loss) -> heard.add(iteration))
                .until(() -> heard.size() == 3);

        assertThatThrownBy(() -> of(4).fitter(1).fit(request)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> of(4).fitter(2).fit(request)).isInstanceOf(CancellationException.class);
        assertThat(heard).containsExactly(1, 2, 3);
    }
}
