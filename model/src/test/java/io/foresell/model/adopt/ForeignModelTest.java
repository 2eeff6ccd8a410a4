package io.foresell.model.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.OnnxRuntimeJudge;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that scikit-learn, LightGBM and XGBoost trained and exported answer here what they answer there. */
class ForeignModelTest {
    private static final double TOLERANCE = 1e-5;

    /**
     * Models that ONNX Runtime runs for us, and the operator that is why: their distances to training rows are written as a loop over
     * the rows of a batch, with a graph of its own inside.
     */
    private static final Map<String, String> FALLBACKS = Map.of(
            "nearest_neighbours_classifier", "Scan",
            "nearest_neighbours_regressor", "Scan",
            "gaussian_process", "Scan");

    static List<String> names() {
        return ForeignModels.names();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void answersWhatItsLibraryAnswers(String name) throws OrtException {
        ForeignModels.Model model = ForeignModels.read(name);
        AdoptedGraph adopted = ForeignGraph.inspect(model.onnx()).adopt(model.adoption());
        Rows rows = model.rows(adopted.signature());
        int width = adopted.answer().width();
        try (OnnxRuntimeJudge judge =
                new OnnxRuntimeJudge(ForeignModels.withLocale(adopted.onnx()), adopted.signature())) {
            float[] whole = judge.answers(rows, adopted.answer().output());
            int columns = whole.length / rows.rowCount();
            float[] answers = new float[rows.rowCount() * width];
            for (int row = 0; row < rows.rowCount(); row++) {
                System.arraycopy(whole, row * columns + adopted.answer().firstColumn(), answers, row * width, width);
            }
            assertClose(name + " in ONNX Runtime", answers, model.expected());
        }
        if (FALLBACKS.containsKey(name)) {
            UnsupportedOperatorException unsupported =
                    catchThrowableOfType(UnsupportedOperatorException.class, () -> compile(adopted));
            assertThat(unsupported).as(name).isNotNull();
            assertThat(unsupported.operator()).isEqualTo(FALLBACKS.get(name));
            return;
        }
        float[] answers = new float[rows.rowCount() * width];
        compile(adopted).score(rows, answers);
        assertClose(name, answers, model.expected());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logistic_binary",
                "linear_regression",
                "ridge",
                "linear_svr",
                "svr_linear",
                "pipeline_standard",
                "pipeline_bins",
                "pipeline_imputed_texts",
                "pipeline_integers_one_hot",
                "text_tfidf"
            })
    void explainsLinearModelsExactly(String name) {
        ForeignModels.Model model = ForeignModels.read(name);
        AdoptedGraph adopted = ForeignGraph.inspect(model.onnx()).adopt(model.adoption());
        Rows rows = model.rows(adopted.signature());
        Scorer scorer = compile(adopted);
        float[] answers = new float[rows.rowCount()];
        scorer.score(rows, answers);
        double[] terms = new double[adopted.signature().inputs().size()];
        for (int row = 0; row < rows.rowCount(); row++) {
            scorer.contributions(rows, row, 0, terms);
            double sum = scorer.base(0);
            double size = Math.abs(sum);
            for (double term : terms) {
                sum += term;
                size += Math.abs(term);
            }
            double answer = adopted.answer().task() == Task.BINARY ? 1 / (1 + Math.exp(-sum)) : sum;
            assertThat(answer).as("%s row %d", name, row).isCloseTo(answers[row], within(1e-6 * Math.max(1, size)));
        }
    }

    private static Scorer compile(AdoptedGraph adopted) {
        return ScorerCompiler.compile(
                adopted.onnx(), adopted.signature(), adopted.answer(), Background.missing(adopted.signature()));
    }

    private static void assertClose(String name, float[] actual, float[] expected) {
        assertThat(actual.length).as(name).isEqualTo(expected.length);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i])
                    .as("%s answer %d", name, i)
                    .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
