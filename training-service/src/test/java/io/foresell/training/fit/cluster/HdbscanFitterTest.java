package io.foresell.training.fit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.AdjustedRandIndex;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clusters of scikit-learn 1.9 (HDBSCAN, brute force) on the same standardised rows; equal distances may merge in another order. */
final class HdbscanFitterTest {
    private final TrainingSet groups = PlantedClusters.groups();
    private final FitRequest request = FitRequest.of(TrainingFold.all(groups), 1);
    private final EncodedRows rows = EncodedRows.of(
            request.encodings().standardizedFlat(), request.encodings().rows());
    private final int[] truth =
            IntStream.range(0, groups.rowCount()).map(PlantedClusters::groupOf).toArray();

    private int[] clusters(int minClusterSize, int minSamples) {
        double[] core = CoreDistances.of(rows, minSamples, 2, request);
        return DensityClusters.of(new MergeTree(SpanningTree.of(rows, core, request)), minClusterSize);
    }

    @ParameterizedTest
    @CsvSource({
        "20, 10, 304, 203, 103, 0.968974, ------2---1-0--0-21----122----1-0-------",
        "10, 5, 306, 205, 105, 0.959583, ----1-0---122--2-01----100--1-1-2--20---",
        "30, 30, 304, 197, 101, 0.968770, ------2---1-0-----1----1------1-0-------",
    })
    void findsTheClustersThatOtherProgramsFind(
            int minClusterSize, int minSamples, int first, int second, int third, double agreement, String noise) {
        int[] found = clusters(minClusterSize, minSamples);

        assertThat(AdjustedRandIndex.of(truth, found)).isCloseTo(agreement, within(0.0015));
        long[] sizes = IntStream.range(0, 3)
                .mapToLong(cluster ->
                        Arrays.stream(found).filter(each -> each == cluster).count())
                .sorted()
                .toArray();
        int[] expected = {third, second, first};
        int differing = 0;
        for (int i = 0; i < 3; i++) {
            differing += (int) Math.abs(sizes[i] - expected[i]);
        }
        for (int i = 0; i < noise.length(); i++) {
            differing += found[PlantedClusters.GROUPED + i] < 0 == (noise.charAt(i) == '-') ? 0 : 1;
        }
        assertThat(differing).isLessThanOrEqualTo(minClusterSize == 20 ? 0 : 5);
    }

    @Test
    void coreDistancesAreThoseOfTheNearestNeighbours() {
        double[] core = CoreDistances.of(rows, 10, 1, request);

        for (int row : new int[] {0, 77, 620}) {
            double[] all = IntStream.range(0, rows.rowCount())
                    .mapToDouble(other -> Math.sqrt(rows.squaredDistance(row, other)))
                    .sorted()
                    .toArray();
            assertThat(core[row]).isEqualTo(all[9]);
        }
    }

    @Test
    void newRowsJoinTheClusterTheyAreCloseTo() {
        try (FittedModel model = ClusterFits.fit(new Hdbscan(20, 10, 20_000), groups, 2, 1)) {
            assertThat(model.answer().labels()).containsExactly("cluster_1", "cluster_2", "cluster_3", "noise");
            int[] served = ClusterFits.served(model, groups);
            assertThat(AdjustedRandIndex.of(clusters(20, 10), served)).isGreaterThan(0.97);
            assertThat(ClusterFits.noted(model, "clustering itself on")).isBetween(95.0, 100.0);
            assertThat(String.join(" ", model.notes())).contains("3 dense regions found; 4.7 % of the rows are noise");
        }
    }

    @Test
    void rowsThatWereNotFittedJoinTheirGroups() {
        Fold fold = Splitter.split(groups, SplitPlan.DEFAULT, 1).get(2);
        try (FittedModel model = new Hdbscan(16, 8, 20_000).fitter(1).fit(FitRequest.of(fold.training(), 1))) {
            Rows heldOut = fold.heldOut().rows(model.signature());
            double[] answers = model.predict(heldOut);
            int noise = 0;
            for (int row = 0; row < heldOut.rowCount(); row++) {
                noise += answers[row * 4 + 3] > -1 ? 1 : 0;
            }
            // 8 of these 128 rows were planted between the groups; some fall into them.
            assertThat(noise).isBetween(3, 13);
        }
    }

    @Test
    void clustersASampleOfManyRows() {
        try (FittedModel model = ClusterFits.fit(new Hdbscan(15, 5, 300), groups, 2, 1)) {
            assertThat(model.notes().get(0)).isEqualTo("Clustered 300 of 640 rows, drawn at random.");
            int[] served = ClusterFits.served(model, groups);
            assertThat(AdjustedRandIndex.of(truth, served)).isGreaterThan(0.8);
        }
    }

    @Test
    void refusesRowsWithoutDenseRegions() {
        TrainingSet even = PlantedClusters.set(
                new RowBlock.Numbers("a", 1, new Random(1).doubles(200).toArray()),
                new RowBlock.Numbers("b", 1, new Random(2).doubles(200).toArray()));

        assertThatThrownBy(() -> ClusterFits.fit(new Hdbscan(60, 60, 20_000), even, 1, 1))
                .hasMessageContaining("NO_CLUSTERS")
                .hasMessageContaining("dense regions of 60 rows or more: 0");
        assertThatThrownBy(() -> ClusterFits.fit(new Hdbscan(101, 5, 20_000), even, 1, 1))
                .hasMessageContaining("rows to fit on: 200 (expected: at least 202");
        assertThatThrownBy(() -> new Hdbscan(1, 0, 20_000)).hasMessageContaining("min_cluster_size: 1");
        assertThatThrownBy(() -> new Hdbscan(0, 0, 99)).hasMessageContaining("max_rows: 99");
    }

    @Test
    void stopsWhenItIsNoLongerWanted() {
        int[] asked = {0};

        assertThatThrownBy(() -> Hdbscan.DEFAULT.fitter(1).fit(request.until(() -> ++asked[0] > 12)))
                .isInstanceOf(CancellationException.class);
    }
}
