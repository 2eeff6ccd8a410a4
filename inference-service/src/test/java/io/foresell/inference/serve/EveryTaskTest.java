package io.foresell.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.ForeignPackages;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.proto.inference.v1.LabelScore;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models of other libraries and of every task, over the wire, compiled and in ONNX Runtime. */
final class EveryTaskTest {
    private static final double TOLERANCE = 1e-5;
    private static final List<String> PLANS = List.of("basic", "gold", "silver");

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private void serve(String model, ForeignPackages packages) {
        cluster.registry.publish(model, 1, packages.named(model));
        cluster.registry.release(model, 1, 100);
        cluster.startServing();
    }

    private static ScoreRequest.Builder rows(String model, ForeignPackages packages) {
        PackedRows.Builder rows =
                PackedRows.newBuilder().setRowCount(packages.rows().rowCount());
        for (float number : packages.rows().numbers()) {
            rows.addNumbers(number);
        }
        return ScoreRequest.newBuilder().setModel(model).setPackedRows(rows);
    }

    private static ForeignPackages nearestNeighbours() {
        return ForeignPackages.of(
                "nearest_neighbours_classifier", 6, new Answer(Task.MULTICLASS, "probabilities", 0, PLANS));
    }

    private static ForeignPackages multinomial(Task task) {
        return ForeignPackages.of("logistic_multinomial", 6, new Answer(task, "probabilities", 0, PLANS));
    }

    @Test
    void saysWhichOperatorMadeAModelFallBack() {
        ForeignPackages packages = nearestNeighbours();
        serve("plan", packages);
        LoadedModel loaded = cluster.loaded("plan", 1);
        assertThat(loaded.getEngine()).isEqualTo("onnxruntime");
        assertThat(loaded.getFallbackReason()).startsWith("operator ");
        assertThat(loaded.getTask()).isEqualTo("multiclass");
        assertThat(loaded.getLabelCount()).isEqualTo(3);
        assertLabels(packages, cluster.score(rows("plan", packages)), 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Task.class,
            names = {"MULTICLASS", "CLUSTERS", "RANKING"})
    void answersLabelsBestFirst(Task task) {
        ForeignPackages packages = multinomial(task);
        serve("plan", packages);
        assertLabels(packages, cluster.score(rows("plan", packages)), 3);
        assertLabels(packages, cluster.score(rows("plan", packages).setLabelCount(2)), 2);
        assertThat(cluster.loaded("plan", 1).getTask()).isEqualTo(task.key());
    }

    @Test
    void refusesRowsThatAreLikeNoneOfTheClasses() {
        ForeignPackages packages = multinomial(Task.MULTICLASS);
        cluster.registry.publish("plan", 1, packages.refusing("plan", 0.6));
        cluster.registry.release("plan", 1, 100);
        cluster.startServing();

        ScoreResponse response = cluster.score(rows("plan", packages));

        assertThat(response.getRowsList()).extracting(ScoredRow::getRefused).contains(true, false);
        for (ScoredRow row : response.getRowsList()) {
            assertThat(row.getRefused()).isEqualTo(row.getScore() < 0.6);
            assertThat(row.getRefuseBelow()).isEqualTo(0.6);
            assertThat(row.getLabel())
                    .isEqualTo(row.getRefused() ? "" : row.getLabels(0).getLabel());
            assertThat(row.getScore()).isEqualTo(row.getLabels(0).getScore());
        }
    }

    private static void assertLabels(ForeignPackages packages, ScoreResponse response, int count) {
        assertThat(response.getRowsCount()).isEqualTo(packages.rows().rowCount());
        for (int row = 0; row < response.getRowsCount(); row++) {
            int place = row;
            List<String> expected = IntStream.range(0, 3)
                    .boxed()
                    .sorted(Comparator.comparingDouble(label -> -packages.expected(place, label)))
                    .limit(count)
                    .map(PLANS::get)
                    .toList();
            ScoredRow scored = response.getRows(row);
            assertThat(scored.getLabelsList()).extracting(LabelScore::getLabel).containsExactlyElementsOf(expected);
            assertThat(scored.getLabel()).isEqualTo(expected.get(0));
            assertThat(scored.getScore()).isEqualTo(scored.getLabels(0).getScore());
            assertThat(scored.getBand()).isEmpty();
            for (LabelScore label : scored.getLabelsList()) {
                assertThat(label.getScore())
                        .isCloseTo(packages.expected(row, PLANS.indexOf(label.getLabel())), within(TOLERANCE));
            }
        }
    }

    @Test
    void answersValuesWithoutBandOrLabels() {
        ForeignPackages packages =
                ForeignPackages.of("linear_regression", 10, new Answer(Task.REGRESSION, "variable", 0, List.of()));
        serve("spend", packages);
        ScoreResponse response = cluster.score(rows("spend", packages).setReasonCount(1));
        for (int row = 0; row < response.getRowsCount(); row++) {
            ScoredRow scored = response.getRows(row);
            double expected = packages.expected(row, 0);
            assertThat(scored.getScore()).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
            assertThat(scored.getBand()).isEmpty();
            assertThat(scored.getLabelsList()).isEmpty();
            assertThat(scored.getReasons(0).getSentence()).endsWith(" the forecast");
        }
    }

    @Test
    void explainsTheWinnerOrTheLabelAskedFor() {
        ForeignPackages packages = nearestNeighbours();
        serve("plan", packages);
        ScoreResponse ofWinner = cluster.score(rows("plan", packages).setReasonCount(1));
        ScoreResponse ofSilver =
                cluster.score(rows("plan", packages).setReasonCount(1).setReasonLabel("silver"));
        int compared = 0;
        for (int row = 0; row < ofWinner.getRowsCount(); row++) {
            String winner = ofWinner.getRows(row).getLabel();
            for (Reason reason : ofWinner.getRows(row).getReasonsList()) {
                assertThat(reason.getSentence()).endsWith(" class " + winner);
            }
            for (Reason reason : ofSilver.getRows(row).getReasonsList()) {
                assertThat(reason.getSentence()).endsWith(" class silver");
                compared++;
            }
            if (winner.equals("silver")) {
                assertThat(ofSilver.getRows(row).toBuilder().clearPredictionId().build())
                        .isEqualTo(ofWinner.getRows(row).toBuilder()
                                .clearPredictionId()
                                .build());
            }
        }
        assertThat(compared).isPositive();
    }

    @Test
    void refusesLabelsThatAreNotThere() {
        ForeignPackages packages = multinomial(Task.MULTICLASS);
        serve("plan", packages);
        Failure unknown = cluster.failureOf(rows("plan", packages).setReasonLabel("bronze"));
        assertThat(unknown.reason()).isEqualTo("LABEL_UNKNOWN");
        assertThat(unknown.message())
                .isEqualTo("reason_label: 'bronze' (expected: one of the 3 labels of the model, such as basic)");
        Failure many = cluster.failureOf(rows("plan", packages).setLabelCount(1001));
        assertThat(many.reason()).isEqualTo("LABEL_COUNT_OUT_OF_RANGE");
        assertThat(many.message()).isEqualTo("label_count: 1001 (expected: 0..1000)");
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.awaitRevision("churn", 1);
        Failure none = cluster.failureOf(Cluster.packed("churn", 1, 1, "").setReasonLabel("gold"));
        assertThat(none.message()).isEqualTo("reason_label: 'gold' (expected: empty: the model has no labels)");
    }

    @Test
    void swapsBetweenEnginesWithinOneModel() {
        ForeignPackages compiled =
                ForeignPackages.of("mlp_multiclass", 6, new Answer(Task.MULTICLASS, "probabilities", 0, PLANS));
        ForeignPackages fallback = nearestNeighbours();
        cluster.registry.publish("plan", 1, compiled.named("plan")).publish("plan", 2, fallback.named("plan"));
        cluster.registry.release("plan", 1, 100);
        cluster.startServing();
        for (int round = 0; round < 4; round++) {
            int version = round % 2 + 1;
            cluster.awaitRevision("plan", round + 1);
            ScoreResponse response = cluster.score(rows("plan", compiled));
            assertThat(response.getRows(0).getModelVersion()).isEqualTo(version);
            assertLabels(version == 1 ? compiled : fallback, response, 3);
            assertThat(cluster.loaded("plan", version).getEngine())
                    .isEqualTo(version == 1 ? "compiled" : "onnxruntime");
            cluster.registry.release("plan", 3 - version, 100);
        }
    }
}
