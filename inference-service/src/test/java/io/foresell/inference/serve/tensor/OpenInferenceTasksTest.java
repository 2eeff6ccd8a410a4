package io.foresell.inference.serve.tensor;

import static io.foresell.inference.fixture.Tensors.floats;
import static io.foresell.inference.fixture.Tensors.input;
import static io.foresell.inference.fixture.Tensors.raw;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.texts;
import static io.foresell.inference.fixture.Tensors.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.ForeignPackages;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelMetadataResponse.TensorMetadata;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outputs of every task. */
final class OpenInferenceTasksTest {
    private static final List<String> PLANS = List.of("basic", "gold", "silver");

    @TempDir
    private static Path folder;

    private static Cluster cluster;
    private static ForeignPackages classes;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        classes = of(Task.MULTICLASS);
        cluster.registry
                .publish("classes", 1, classes.named("classes"))
                .publish("refusing", 1, classes.refusing("refusing", 0.6))
                .publish("groups", 1, of(Task.CLUSTERS).named("groups"))
                .publish("items", 1, of(Task.RANKING).named("items"))
                .publish(
                        "spend",
                        1,
                        ForeignPackages.of(
                                        "linear_regression", 10, new Answer(Task.REGRESSION, "variable", 0, List.of()))
                                .named("spend"));
        for (String model : List.of("classes", "refusing", "groups", "items", "spend")) {
            cluster.registry.release(model, 1, 100);
        }
        cluster.startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private static ForeignPackages of(Task task) {
        return ForeignPackages.of("logistic_multinomial", 6, new Answer(task, "probabilities", 0, PLANS));
    }

    private static ModelInferRequest.Builder rows(String model) {
        int rowCount = classes.rows().rowCount();
        return request(model, input("input", "FP32", rowCount, 6))
                .addRawInputContents(raw(classes.rows().numbers()));
    }

    private static ModelInferResponse infer(ModelInferRequest.Builder request) {
        return cluster.tensors().modelInfer(request.build());
    }

    private static List<String> outputs(String model) {
        return cluster
                .tensors()
                .modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build())
                .getOutputsList()
                .stream()
                .map((TensorMetadata output) -> output.getName() + output.getShapeList())
                .toList();
    }

    @Test
    void namesTheOutputsOfEveryTask() {
        assertThat(outputs("classes"))
                .containsExactly(
                        "score[-1, 1]",
                        "label[-1, 1]",
                        "probabilities[-1, 3]",
                        "labels[-1, -1]",
                        "scores[-1, -1]",
                        "reasons[-1, -1]",
                        "prediction_id[-1, 1]");
        assertThat(outputs("refusing")).contains("refused[-1, 1]");
        assertThat(outputs("groups")).contains("memberships[-1, 3]");
        assertThat(outputs("items")).contains("item_scores[-1, 3]");
        assertThat(outputs("spend")).containsExactly("score[-1, 1]", "reasons[-1, -1]", "prediction_id[-1, 1]");
    }

    @Test
    void answersProbabilitiesAndTheWinner() {
        ModelInferResponse response = infer(rows("classes"));
        List<Float> probabilities = floats(response, "probabilities");
        List<Float> scores = floats(response, "score");
        List<String> labels = texts(response, "label");
        for (int row = 0; row < classes.rows().rowCount(); row++) {
            int winner = 0;
            for (int label = 0; label < 3; label++) {
                assertThat((double) probabilities.get(3 * row + label))
                        .isCloseTo(classes.expected(row, label), within(1e-5));
                winner = probabilities.get(3 * row + label) > probabilities.get(3 * row + winner) ? label : winner;
            }
            assertThat(labels.get(row)).isEqualTo(PLANS.get(winner));
            assertThat(scores.get(row)).isEqualTo(probabilities.get(3 * row + winner));
        }
        assertThat(response.getOutputsList()).hasSize(3);
    }

    @Test
    void leavesTheLabelEmptyWhenItRefuses() {
        ModelInferResponse response = infer(rows("refusing"));
        List<Float> scores = floats(response, "score");
        List<String> labels = texts(response, "label");
        int place = response.getOutputsList().stream()
                .map(output -> output.getName())
                .toList()
                .indexOf("refused");
        for (int row = 0; row < scores.size(); row++) {
            boolean isRefused = response.getRawOutputContents(place).byteAt(row) == 1;
            assertThat(isRefused).isEqualTo(scores.get(row) < 0.6);
            assertThat(labels.get(row).isEmpty()).isEqualTo(isRefused);
        }
        assertThat(labels).contains("").anyMatch(label -> !label.isEmpty());
    }

    @Test
    void ranksTheBestItems() {
        ModelInferResponse response = infer(rows("items").putParameters("label_count", whole(2)));
        assertThat(response.getOutputsList().stream().map(output -> output.getName()))
                .containsExactly("score", "label", "labels", "scores");
        List<Float> scores = floats(response, "scores");
        List<String> labels = texts(response, "labels");
        assertThat(labels).hasSize(2 * classes.rows().rowCount());
        for (int row = 0; row < classes.rows().rowCount(); row++) {
            assertThat(scores.get(2 * row)).isGreaterThanOrEqualTo(scores.get(2 * row + 1));
            assertThat(texts(response, "label").get(row)).isEqualTo(labels.get(2 * row));
        }
    }

    @Test
    void answersTheBestClassesWithTheirLabels() {
        ModelInferResponse response = infer(rows("classes")
                .addOutputs(InferRequestedOutputTensor.newBuilder()
                        .setName("probabilities")
                        .putParameters("classification", whole(2))));
        List<String> answered = texts(response, "probabilities");
        List<Float> probabilities = floats(infer(rows("classes")), "probabilities");
        for (int row = 0; row < classes.rows().rowCount(); row++) {
            String[] parts = answered.get(2 * row).split(":");
            int place = Integer.parseInt(parts[1]);
            assertThat(Float.parseFloat(parts[0])).isEqualTo(probabilities.get(3 * row + place));
            assertThat(parts[2]).isEqualTo(PLANS.get(place));
        }
        assertThat(response.getOutputs(0).getShapeList())
                .containsExactly((long) classes.rows().rowCount(), 2L);
    }
}
