package io.foresell.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.Task;
import io.foresell.model.pack.LoadedPackage;
import io.foresell.training.dataset.PlantedClusters;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.dataset.TrainingSetQuery;
import io.foresell.training.evaluate.Evaluation;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.cluster.ClusterCount;
import io.foresell.training.fit.cluster.CovarianceKind;
import io.foresell.training.fit.cluster.GaussianMixture;
import io.foresell.training.fit.cluster.Hdbscan;
import io.foresell.training.fit.cluster.KMeans;
import io.foresell.training.prepare.Preparation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** Clusterings from rows without labels to packages. */
final class ClusterRunTest {
    private static final KMeans THREE = new KMeans(ClusterCount.of(3), 5, 300);

    private static List<CandidateOutcome> run(TrainingSet set, SplitPlan split, Algorithm... algorithms) {
        TrainingSpec spec = new TrainingSpec(
                "segments",
                new TrainingSetQuery("points", "", Task.CLUSTERS, 0, 0),
                Stream.of(algorithms)
                        .map(algorithm -> new CandidateSpec("", algorithm, ClassWeights.EQUAL))
                        .toList(),
                Preparation.NONE,
                split,
                null,
                7,
                PublishRule.ALL,
                "who is alike",
                Map.of());
        return new TrainingRun(2).run(spec, (query, listener, cancelled) -> set, progress -> {}, () -> false);
    }

    private static JsonObject clusters(CandidateOutcome outcome) throws IOException {
        byte[] file = outcome.packageBytes().orElseThrow();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals("source/clusters.json")) {
                    return JsonParser.parseString(new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                            .getAsJsonObject();
                }
            }
        }
        throw new AssertionError("no source/clusters.json");
    }

    @Test
    void threeKindsOfClusteringsAreJudgedOnTheSameScaleAndPublished() throws IOException {
        GaussianMixture mixture = new GaussianMixture(ClusterCount.of(4), CovarianceKind.FULL, 3, 200, 1e-3);
        List<CandidateOutcome> outcomes =
                run(PlantedClusters.groups(), SplitPlan.DEFAULT, THREE, mixture, new Hdbscan(16, 8, 20_000));

        Evaluation kMeans = outcomes.get(0).evaluation();
        assertThat(kMeans.metric(Metric.SILHOUETTE)).isCloseTo(0.677, within(0.01));
        assertThat(kMeans.metric(Metric.DAVIES_BOULDIN)).isCloseTo(0.437, within(0.02));
        assertThat(kMeans.metric(Metric.MEAN_SQUARED_DISTANCE)).isCloseTo(239.64 / 640, within(0.02));
        assertThat(kMeans.metric(Metric.STABILITY)).isGreaterThan(0.95);
        assertThat(kMeans.metric(Metric.LARGEST_CLUSTER)).isCloseTo(0.5, within(0.02));
        assertThat(kMeans.metric(Metric.NOISE_SHARE)).isZero();
        assertThat(kMeans.warnings()).isEmpty();
        assertThat(kMeans.metricStandardDeviations()).containsKey("silhouette").doesNotContainKey("stability");
        Evaluation density = outcomes.get(2).evaluation();
        assertThat(density.metric(Metric.NOISE_SHARE)).isBetween(0.02, 0.1);
        assertThat(density.metric(Metric.SILHOUETTE)).isBetween(0.6, 0.72);
        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.evaluation().metrics())
                    .containsKeys("silhouette", "davies_bouldin", "stability", "mean_squared_distance");
            LoadedPackage loaded = LoadedPackage.load(outcome.packageBytes().orElseThrow(), "", LoadedPackage.COMPILED);
            assertThat(loaded.modelPackage().answer().task()).isEqualTo(Task.CLUSTERS);
            assertThat(loaded.modelPackage().manifest().getLabelView()).isEmpty();
            assertThat(loaded.modelPackage().manifest().getProvenance().getRowCount())
                    .isEqualTo(640);
        });
        assertThat(outcomes).filteredOn(CandidateOutcome::isBest).hasSize(1);
        JsonObject noise =
                clusters(outcomes.get(2)).getAsJsonArray("clusters").get(3).getAsJsonObject();
        assertThat(noise.get("label").getAsString()).isEqualTo("noise");
    }

    @Test
    void thePackageSaysWhatEachClusterIsLike() throws IOException {
        double[] spent = new double[90];
        int[] plan = new int[90];
        Random random = new Random(5);
        for (int i = 0; i < 90; i++) {
            spent[i] = (i % 3 == 0 ? 500 : 20) + random.nextGaussian();
            plan[i] = i % 3 == 0 ? 1 : i % 9 == 1 ? 2 : 0;
        }
        spent[4] = Double.NaN;
        TrainingSet set = PlantedClusters.set(
                new RowBlock.Numbers("a", 1, spent), new RowBlock.Texts("plan", List.of("free", "paid", ""), plan));

        CandidateOutcome outcome = run(set, SplitPlan.DEFAULT, new KMeans(ClusterCount.of(2), 5, 100))
                .get(0);

        JsonObject file = clusters(outcome);
        assertThat(file.get("rowCount").getAsInt()).isEqualTo(90);
        assertThat(file.getAsJsonArray("notes").get(0).getAsString()).startsWith("Inertia ");
        JsonObject second = file.getAsJsonArray("clusters").get(1).getAsJsonObject();
        assertThat(second.get("label").getAsString()).isEqualTo("cluster_2");
        assertThat(second.get("size").getAsInt()).isBetween(30, 31);
        JsonObject number = second.getAsJsonArray("numbers").get(0).getAsJsonObject();
        assertThat(number.get("description").getAsString()).isEqualTo("across");
        assertThat(number.get("mean").getAsDouble()).isCloseTo(500, within(1.0));
        assertThat(number.get("overallMean").getAsDouble()).isCloseTo(182, within(3.0));
        JsonObject text = second.getAsJsonArray("texts").get(0).getAsJsonObject();
        assertThat(text.get("mostFrequent").getAsString()).isEqualTo("paid");
        assertThat(text.get("share").getAsDouble()).isGreaterThan(0.96);
        assertThat(text.get("overallShare").getAsDouble()).isCloseTo(1 / 3.0, within(1e-9));
        assertThat(second.get("summary").getAsString())
                .contains("plan \"paid\"")
                .contains("across 500 (all: 18");
    }

    @Test
    void warnsWhereThereAreNoGroups() {
        TrainingSet even = PlantedClusters.set(
                new RowBlock.Numbers("a", 1, new Random(1).doubles(240).toArray()),
                new RowBlock.Numbers("b", 1, new Random(2).doubles(240).toArray()),
                new RowBlock.Numbers("c", 1, new Random(3).doubles(240).toArray()),
                new RowBlock.Numbers("d", 1, new Random(4).doubles(240).toArray()));

        Evaluation evaluation = run(even, new SplitPlan.Entity(0.25), new KMeans(ClusterCount.of(6), 1, 300))
                .get(0)
                .evaluation();

        assertThat(evaluation.warnings())
                .anyMatch(warning -> warning.startsWith("The clusters overlap: mean silhouette 0."))
                .anyMatch(warning -> warning.startsWith("The clusters are not stable: 4 fits"));
    }

    @Test
    void theSameRunGivesTheSamePackage() {
        byte[] first = run(PlantedClusters.groups(), SplitPlan.DEFAULT, THREE)
                .get(0)
                .packageBytes()
                .orElseThrow();

        assertThat(run(PlantedClusters.groups(), SplitPlan.DEFAULT, THREE)
                        .get(0)
                        .packageBytes()
                        .orElseThrow())
                .isEqualTo(first);
    }
}
