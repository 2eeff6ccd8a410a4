package io.foresell.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.ExplanationKind;
import io.foresell.model.scorer.SampleRows;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign graphs, as they are, against the answers of the libraries that trained them. */
final class OnnxRuntimeScorerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nearest_neighbours_classifier",
                "nearest_neighbours_regressor",
                "logistic_multinomial",
                "pipeline_lightgbm",
                "pipeline_imputed_texts",
                "gaussian_mixture_full",
                "text_tfidf",
                "linear_regression"
            })
    void answersEveryTaskAsTheTrainingLibrary(String name) {
        ForeignModel model = ForeignModel.of(name);
        Rows rows = model.rows();
        int width = model.answer().width();
        float[] answers = new float[rows.rowCount() * width];
        try (OnnxRuntimeScorer scorer = open(model.onnx(), model.signature(), model.answer())) {
            scorer.score(rows, answers);
            assertThat(scorer.engine()).isEqualTo("onnxruntime");
        }
        for (int i = 0; i < answers.length; i++) {
            double expected = model.expected().get(i / width).get(i % width);
            assertThat((double) answers[i]).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
        }
        assertThat(answers).isNotEmpty();
    }

    @Test
    void integersAreAnswersToo() {
        ForeignModel model = ForeignModel.of("k_means");
        Answer label = new Answer(Task.REGRESSION, "label", 0, List.of());
        Rows rows = model.rows();
        float[] clusters = new float[rows.rowCount()];
        float[] distances = new float[4 * rows.rowCount()];
        try (OnnxRuntimeScorer byLabel = open(model.onnx(), model.signature(), label);
                OnnxRuntimeScorer byDistance = open(model.onnx(), model.signature(), model.answer())) {
            byLabel.score(rows, clusters);
            byDistance.score(rows, distances);
        }
        for (int row = 0; row < rows.rowCount(); row++) {
            float[] ofRow = Arrays.copyOfRange(distances, 4 * row, 4 * row + 4);
            float least = Math.min(Math.min(ofRow[0], ofRow[1]), Math.min(ofRow[2], ofRow[3]));
            assertThat(ofRow[(int) clusters[row]]).isEqualTo(least);
        }
        assertThat(clusters).contains(0, 1, 2, 3);
    }

    @Test
    void runsGraphsOfOneRowRowByRow() {
        ForeignModel model = ForeignModel.of("linear_regression");
        byte[] ofOneRow = changed(model, graph -> graph.getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .setDim(0, TensorShapeProto.Dimension.newBuilder().setDimValue(1)));
        Rows rows = model.rows();
        float[] answers = new float[rows.rowCount()];
        try (OnnxRuntimeScorer scorer = open(ofOneRow, model.signature(), model.answer())) {
            scorer.score(rows, answers);
        }
        for (int row = 0; row < answers.length; row++) {
            double expected = model.expected().get(row).get(0);
            assertThat((double) answers[row]).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
        }
    }

    @Test
    void explainsOneClassByReplacingInputsAlone() {
        ForeignModel model = ForeignModel.of("pipeline_lightgbm");
        Signature signature = model.signature();
        Rows rows = model.rows();
        Background background = Background.of(signature, rows);
        double[] contributions = new double[signature.inputs().size()];
        try (OnnxRuntimeScorer scorer =
                OnnxRuntimeScorer.open(model.onnx(), signature, model.answer(), background, 1)) {
            scorer.contributions(rows, 1, 0, contributions);
            float[] numbers = Arrays.copyOfRange(rows.numbers(), 3, 6);
            String[] texts = Arrays.copyOfRange(rows.texts(), 2, 4);
            double value = logOdds(scorer, numbers, texts);
            numbers[1] = background.numbers().get(1);
            double withoutSpend = logOdds(scorer, numbers, texts);
            assertThat(contributions[signature.indexOf("spend")]).isCloseTo(value - withoutSpend, within(1e-6));
            numbers[1] = rows.numbers()[4];
            texts[1] = background.texts().get(1);
            double withoutPlan = logOdds(scorer, numbers, texts);
            assertThat(contributions[signature.indexOf("plan")]).isCloseTo(value - withoutPlan, within(1e-6));
            assertThat(scorer.base(0)).isNaN();
        }
        assertThat(contributions[signature.indexOf("spend")]).isNotZero();
    }

    private static double logOdds(OnnxRuntimeScorer scorer, float[] numbers, String[] texts) {
        float[] answer = new float[1];
        scorer.score(new Rows(1, numbers, texts), answer);
        return Math.log(answer[0] / (1 - (double) answer[0]));
    }

    @Test
    void averagesOverSampleRowsWhereThereAreSome() {
        ForeignModel model = ForeignModel.of("pipeline_lightgbm");
        Signature signature = model.signature();
        Rows rows = model.rows();
        Rows samples = SampleRows.evenly(signature, rows, 3).rows();
        Background background = Background.of(signature, rows).with(SampleRows.of(samples), ExplanationKind.AUTOMATIC);
        double[] contributions = new double[signature.inputs().size()];
        try (OnnxRuntimeScorer scorer =
                OnnxRuntimeScorer.open(model.onnx(), signature, model.answer(), background, 1)) {
            scorer.contributions(rows, 1, 0, contributions);
            float[] numbers = Arrays.copyOfRange(rows.numbers(), 3, 6);
            String[] texts = Arrays.copyOfRange(rows.texts(), 2, 4);
            double value = logOdds(scorer, numbers, texts);
            double sum = 0;
            for (int sample = 0; sample < 3; sample++) {
                numbers[0] = samples.numbers()[3 * sample];
                sum += logOdds(scorer, numbers, texts);
            }
            assertThat(contributions[0]).isCloseTo(value - sum / 3, within(1e-6));
        }
    }

    @Test
    void explainsNetworksLikeCompiledCode() {
        ForeignModel model = ForeignModel.of("mlp_regressor");
        Signature whole = model.signature();
        Rows rows = model.rows();
        Background background =
                Background.of(whole, rows).with(SampleRows.evenly(whole, rows, 5), ExplanationKind.AUTOMATIC);
        Scorer compiled = ScorerCompiler.compile(model.onnx(), whole, model.answer(), background);
        double[] byCompiled = new double[1];
        double[] byRuntime = new double[1];
        try (OnnxRuntimeScorer scorer = OnnxRuntimeScorer.open(model.onnx(), whole, model.answer(), background, 1)) {
            for (int row = 0; row < rows.rowCount(); row++) {
                compiled.contributions(rows, row, 0, byCompiled);
                scorer.contributions(rows, row, 0, byRuntime);
                assertThat(byCompiled[0]).isCloseTo(byRuntime[0], within(1e-4 * Math.max(1, Math.abs(byRuntime[0]))));
            }
        }
        assertThat(byRuntime[0]).isNotZero();
    }

    @Test
    void classesAreExplainedByTheLogarithmOfTheirProbability() {
        ForeignModel model = ForeignModel.of("logistic_multinomial");
        Signature signature = model.signature();
        Rows rows = model.rows();
        double[] first = new double[1];
        double[] last = new double[1];
        Background background = Background.of(signature, rows);
        float[] answers = new float[rows.rowCount() * 3];
        float[] ordinary = new float[3];
        try (OnnxRuntimeScorer scorer =
                OnnxRuntimeScorer.open(model.onnx(), signature, model.answer(), background, 1)) {
            scorer.contributions(rows, 2, 0, first);
            scorer.contributions(rows, 2, 2, last);
            scorer.score(rows, answers);
            float[] means = new float[6];
            for (int i = 0; i < means.length; i++) {
                means[i] = background.numbers().get(i);
            }
            scorer.score(new Rows(1, means, new String[0]), ordinary);
            assertThatThrownBy(() -> scorer.contributions(rows, 2, 3, last)).hasMessage("target: 3 (expected: 0..2)");
        }
        assertThat(first[0]).isCloseTo(Math.log(answers[6]) - Math.log(ordinary[0]), within(1e-5));
        assertThat(last[0]).isCloseTo(Math.log(answers[8]) - Math.log(ordinary[2]), within(1e-5));
    }

    /** The file of {@code src/test/python/endless_loop.py}: a loop that never ends for a number above 0. */
    @Test
    void endsRunsThatWouldNeverEnd() throws IOException {
        byte[] onnx = Files.readAllBytes(Path.of("src", "test", "resources", "endless_loop.onnx"));
        Signature signature = Signature.of(List.of(InputField.number("x")));
        Answer answer = Answer.regression();
        float[] answers = new float[1];
        try (OnnxRuntimeScorer scorer = OnnxRuntimeScorer.open(
                onnx, signature, answer, Background.missing(signature), 1, Duration.ofMillis(300))) {
            scorer.score(new Rows(1, new float[] {-3}, new String[0]), answers);
            assertThat(answers[0]).isEqualTo(-3);
            Rows endless = new Rows(1, new float[] {3}, new String[0]);
            assertThatThrownBy(() -> scorer.score(endless, answers))
                    .isInstanceOf(PackageException.class)
                    .hasMessageContaining("terminate");
            scorer.score(new Rows(1, new float[] {-2}, new String[0]), answers);
            assertThat(answers[0]).isEqualTo(-2);
        }
    }

    @Test
    void refusesBytesThatAreNoGraph() {
        assertRefused(new byte[] {1, 2, 3}, numbers(1), Answer.regression(), "not an ONNX file");
    }

    @Test
    void refusesInputsThatDoNotFit() {
        ForeignModel model = ForeignModel.of("linear_regression");
        assertRefused(model.onnx(), numbers(3), model.answer(), "then 3 values a row");
        assertRefused(
                model.onnx(),
                Signature.of(List.of(InputField.number("age"))),
                model.answer(),
                "input input: not in the signature (expected: one of its inputs)");
        assertRefused(
                model.onnx(),
                Signature.of(List.of(
                        InputField.sequence("input", model.signature().numberWidth()), InputField.number("age"))),
                model.answer(),
                "input age: missing (expected: every input of the signature)");
    }

    @Test
    void refusesInputsOfOtherElementTypes() {
        ForeignModel model = ForeignModel.of("forest_integers");
        assertRefused(model.onnx(), model.signature(), model.answer(), "(expected: a tensor of FLOAT)");
    }

    @Test
    void refusesOutputsThatHoldNoNumbers() {
        ForeignModel model = ForeignModel.of("pipeline_zipmap");
        assertRefused(
                model.onnx(),
                model.signature(),
                new Answer(Task.BINARY, "output_probability", 0, List.of()),
                "(expected: a tensor of numbers)");
        assertRefused(
                model.onnx(),
                model.signature(),
                new Answer(Task.BINARY, "score", 0, List.of()),
                "(expected: score, or a single one)");
    }

    @Test
    void refusesAnswersBeyondTheOutput() {
        ForeignModel model = ForeignModel.of("logistic_multinomial");
        Answer wide = new Answer(Task.MULTICLASS, model.answer().output(), 0, List.of("a", "b", "c", "d"));
        Rows rows = model.rows();
        try (OnnxRuntimeScorer scorer = open(model.onnx(), model.signature(), wide)) {
            assertThatThrownBy(() -> scorer.score(rows, new float[4 * rows.rowCount()]))
                    .isInstanceOf(PackageException.class)
                    .hasMessageContaining("(expected: 4 numbers a row from column 0 on)");
        }
    }

    private static Signature numbers(int width) {
        return Signature.of(List.of(InputField.sequence("input", width)));
    }

    private static OnnxRuntimeScorer open(byte[] onnx, Signature signature, Answer answer) {
        return OnnxRuntimeScorer.open(onnx, signature, answer, Background.missing(signature), 1);
    }

    private static void assertRefused(byte[] onnx, Signature signature, Answer answer, String message) {
        assertThatThrownBy(() -> open(onnx, signature, answer))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining(message)
                .extracting(error -> ((PackageException) error).reason())
                .isEqualTo(PackageException.Reason.BAD_GRAPH);
    }

    private static byte[] changed(ForeignModel model, Consumer<GraphProto.Builder> change) {
        try {
            ModelProto.Builder onnx = ModelProto.parseFrom(model.onnx()).toBuilder();
            change.accept(onnx.getGraphBuilder());
            return onnx.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
