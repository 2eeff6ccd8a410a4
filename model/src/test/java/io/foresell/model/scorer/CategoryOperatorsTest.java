package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.number;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;

import ai.onnxruntime.OrtException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Categories become columns or other labels as in ONNX Runtime. */
class CategoryOperatorsTest {
    private static final String[] WORDS = {"", "a", "b", "ab", "Größe", "北京", "unknown"};

    private static NodeGraph ofTexts() {
        return new NodeGraph(Signature.of(List.of(InputField.text("s"), InputField.text("t"))))
                .node("Concat", "s t", "x", integer("axis", 1));
    }

    private static Rows words(Random random, int rowCount) {
        String[] texts = new String[rowCount * 2];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = WORDS[random.nextInt(WORDS.length)];
        }
        return new Rows(rowCount, new float[0], texts);
    }

    private static Rows whole(Random random, int rowCount, int columns) {
        float[] numbers = new float[rowCount * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(7) - 2;
        }
        return new Rows(rowCount, numbers, new String[0]);
    }

    @Test
    void encodesTextsAsOnnxRuntime() throws OrtException {
        NodeGraph graph = ofTexts()
                .ml("OneHotEncoder", "x", "h", texts("cats_strings", "a", "", "Größe", "北京"))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("texts", graph, "y", 8, words(new Random(1), 60));
    }

    @Test
    void encodesIntegersAsOnnxRuntime() throws OrtException {
        NodeGraph cast = NodeGraph.ofColumns(3)
                .node("Cast", "x", "i", integer("to", 7))
                .ml("OneHotEncoder", "i", "h", integers("cats_int64s", 2, -1, 0))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("integers", cast, "y", 9, whole(new Random(2), 60, 3));
        NodeGraph floats = NodeGraph.ofColumns(3)
                .ml("OneHotEncoder", "x", "h", integers("cats_int64s", 2, -1, 0))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("floats", floats, "y", 9, OperatorJudge.numbers(new Random(3), 60, 3, 2));
    }

    @Test
    void multipliesEncodedCategoriesAsOnnxRuntime() throws OrtException {
        NodeGraph graph = ofTexts()
                .ml("LabelEncoder", "x", "n", texts("keys_strings", "a", "b"), integers("values_int64s", 5, 7))
                .ml("OneHotEncoder", "n", "h", integers("cats_int64s", 5, 7, -1))
                .node("Flatten", "h", "f")
                .ml(
                        "LinearRegressor",
                        "f",
                        "y",
                        integer("targets", 2),
                        numbers("coefficients", OperatorJudge.random(new Random(4), 12)));
        OperatorJudge.assertEqual("product", graph, "y", 2, words(new Random(5), 60));
    }

    @Test
    void relabelsTextsAsOnnxRuntime() throws OrtException {
        NodeGraph toInteger = ofTexts()
                .ml(
                        "LabelEncoder",
                        "x",
                        "n",
                        texts("keys_strings", "a", "", "北京"),
                        integers("values_int64s", 3, -8, 12),
                        integer("default_int64", 99))
                .node("Cast", "n", "y", integer("to", 1));
        OperatorJudge.assertEqual("integer", toInteger, "y", 2, words(new Random(6), 60));
        NodeGraph toFloat = ofTexts()
                .ml(
                        "LabelEncoder",
                        "x",
                        "y",
                        texts("keys_strings", "a", "", "北京"),
                        numbers("values_floats", 0.5f, Float.NaN, 2),
                        number("default_float", -3));
        OperatorJudge.assertEqual("float", toFloat, "y", 2, words(new Random(7), 60));
        NodeGraph old = ofTexts()
                .mlOpset(1)
                .ml("LabelEncoder", "x", "n", texts("classes_strings", "b", "a"), integer("default_int64", 7))
                .node("Cast", "n", "y", integer("to", 1));
        OperatorJudge.assertEqual("old", old, "y", 2, words(new Random(8), 60));
        NodeGraph mapper = ofTexts()
                .ml("CategoryMapper", "x", "n", texts("cats_strings", "b", "a"), integers("cats_int64s", 4, 6))
                .node("Cast", "n", "y", integer("to", 1));
        OperatorJudge.assertEqual("mapper", mapper, "y", 2, words(new Random(9), 60));
    }

    @Test
    void relabelsTextsByTextsAsOnnxRuntime() throws OrtException {
        NodeGraph graph = ofTexts()
                .ml(
                        "LabelEncoder",
                        "x",
                        "t2",
                        texts("keys_strings", "a", "b"),
                        texts("values_strings", "one", "two"),
                        text("default_string", ""))
                .ml("OneHotEncoder", "t2", "h", texts("cats_strings", "two", "", "one"))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("texts", graph, "y", 6, words(new Random(10), 60));
    }

    @Test
    void relabelsNumbersAsOnnxRuntime() throws OrtException {
        NodeGraph integers = NodeGraph.ofColumns(2)
                .node("Cast", "x", "i", integer("to", 7))
                .ml(
                        "LabelEncoder",
                        "i",
                        "y",
                        integers("keys_int64s", 2, 0, -1),
                        numbers("values_floats", 0.5f, 7, -2),
                        number("default_float", 11));
        OperatorJudge.assertEqual("integers", integers, "y", 2, whole(new Random(11), 60, 2));
        NodeGraph floats = NodeGraph.ofColumns(2)
                .ml("LabelEncoder", "x", "y", numbers("keys_floats", 2, 0, -1), numbers("values_floats", 0.5f, 7, -2));
        OperatorJudge.assertEqual("floats", floats, "y", 2, whole(new Random(12), 60, 2));
        NodeGraph texts = NodeGraph.ofColumns(2)
                .node("Cast", "x", "i", integer("to", 7))
                .ml("LabelEncoder", "i", "t", integers("keys_int64s", 2, 0), texts("values_strings", "p", "q"))
                .ml("OneHotEncoder", "t", "h", texts("cats_strings", "p", "q", "_Unused"))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("texts", texts, "y", 6, whole(new Random(13), 60, 2));
    }

    @Test
    void choosesTextsAsOnnxRuntime() throws OrtException {
        NodeGraph graph = ofTexts()
                .ml(
                        "LabelEncoder",
                        "x",
                        "n",
                        texts("keys_strings", "a", ""),
                        integers("values_int64s", 1, 1),
                        integer("default_int64", 0))
                .node("Cast", "n", "b", integer("to", 9))
                .constant("zero", new long[] {0}, 1)
                .ml("LabelEncoder", "zero", "fill", integers("keys_int64s", 0), texts("values_strings", "filled"))
                .node("Where", "b fill x", "z")
                .ml("OneHotEncoder", "z", "h", texts("cats_strings", "filled", "b", "a"))
                .node("Flatten", "h", "y");
        OperatorJudge.assertEqual("where", graph, "y", 6, words(new Random(14), 60));
    }

    @Test
    void imputesIntegersAsOnnxRuntime() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(2)
                .node("Cast", "x", "i", integer("to", 7))
                .ml("Imputer", "i", "j", integers("imputed_value_int64s", 40, 50), integer("replaced_value_int64", -1))
                .node("Cast", "j", "y", integer("to", 1));
        OperatorJudge.assertEqual("integers", graph, "y", 2, whole(new Random(15), 60, 2));
    }

    @Test
    void refusesTablesThatDoNotFit() {
        NodeGraph fewer =
                ofTexts().ml("LabelEncoder", "x", "y", texts("keys_strings", "a", "b"), numbers("values_floats", 1));
        OperatorJudge.assertRefused(fewer, "y", 2, "keys");
        NodeGraph wrong =
                ofTexts().ml("LabelEncoder", "x", "y", integers("keys_int64s", 1), numbers("values_floats", 1));
        OperatorJudge.assertRefused(wrong, "y", 2, "keys");
        NodeGraph both = ofTexts()
                .ml(
                        "LabelEncoder",
                        "x",
                        "y",
                        texts("keys_strings", "a"),
                        integers("keys_int64s", 1),
                        numbers("values_floats", 1));
        OperatorJudge.assertRefused(both, "y", 2, "keys");
        NodeGraph twice = NodeGraph.ofColumns(1)
                .ml("OneHotEncoder", "x", "h", integers("cats_int64s", 3, 3))
                .node("Flatten", "h", "y");
        OperatorJudge.assertRefused(twice, "y", 2, "twice");
        NodeGraph large = NodeGraph.ofColumns(1)
                .ml("OneHotEncoder", "x", "h", integers("cats_int64s", Long.MIN_VALUE))
                .node("Flatten", "h", "y");
        OperatorJudge.assertUnsupported(large, "y", 1, "integer");
    }
}
