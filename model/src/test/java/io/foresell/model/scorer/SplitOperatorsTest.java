package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;

import ai.onnxruntime.OrtException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Texts are split as ONNX Runtime splits them; what would depend on the longest text of a batch is left to it. */
class SplitOperatorsTest {
    private static final String[] TEXTS = {
        "", " ", "a", "a b", "a, b", "b a  a", ", ", ",, a, a", "aaaa", "b a b", "x", " a b a ", "a a a a a a a"
    };

    private static NodeGraph split(AttributeProto... attributes) {
        return new NodeGraph(Signature.of(List.of(InputField.text("x"))))
                .opset(20)
                .constant("one", new long[] {1}, 1)
                .constant("zero", new long[] {0}, 1)
                .constant("four", new long[] {4}, 1)
                .constant("repeats", new long[] {1, 4}, 2)
                .node("StringSplit", "x", "pieces count", attributes);
    }

    private static Rows rows() {
        return new Rows(TEXTS.length, new float[0], TEXTS);
    }

    private static AttributeProto[] pool(String... pool) {
        return new AttributeProto[] {
            integer("min_gram_length", 1),
            integer("max_gram_length", 1),
            integer("max_skip_count", 0),
            text("mode", "TF"),
            integers("ngram_counts", 0),
            integers("ngram_indexes", OperatorJudge.range(pool.length)),
            texts("pool_strings", pool)
        };
    }

    /** Adds the numbers of pieces and zeros behind them. */
    private static NodeGraph numbered(long ofNothing, String behind) {
        return split(text("delimiter", " "))
                .node("Squeeze", "pieces one", "row")
                .ml(
                        "LabelEncoder",
                        "row",
                        "numbers",
                        texts("keys_strings", "", "a", "a", "b"),
                        integers("values_int64s", ofNothing, 5, 6, -7),
                        integer("default_int64", 9))
                .node("Sub", "count count", "nought")
                .node("Add", "nought one", "more")
                .node("Tile", behind + " repeats", "behind")
                .node("Concat", "numbers behind", "joined", integer("axis", 1));
    }

    @Test
    void countsPiecesAtSeveralDelimitersAsOnnxRuntime() throws OrtException {
        NodeGraph graph = split(text("delimiter", " "))
                .node("StringSplit", "x", "p2 c2", text("delimiter", ", "))
                .node("StringSplit", "x", "p3 c3", text("delimiter", "aa"))
                .node("StringSplit", "x", "p4 c4", text("delimiter", "a"))
                .node("StringSplit", "x", "p5 c5", text("delimiter", " "))
                .node("Concat", "count c2 c3 c4 c5", "all", integer("axis", 1))
                .node("Cast", "all", "y", integer("to", 1));
        OperatorJudge.assertEqual("counts", graph, "y", 5, rows());
    }

    @Test
    void countsPiecesBetweenLongerDelimitersAsOnnxRuntime() throws OrtException {
        for (String delimiter : List.of(" ", ", ", ",", "aa", "哈")) {
            NodeGraph graph = split(text("delimiter", delimiter))
                    .node("Squeeze", "pieces one", "row")
                    .node("TfIdfVectorizer", "row", "y", pool("a", "b", " ", "a b"));
            OperatorJudge.assertEqual(delimiter, graph, "y", 4, rows());
        }
    }

    @Test
    void numbersTheFirstPiecesAsOnnxRuntime() throws OrtException {
        NodeGraph graph = numbered(0, "nought")
                .node("Slice", "joined zero four one", "first")
                .node("Cast", "first", "y", integer("to", 1));
        OperatorJudge.assertEqual("numbers", graph, "y", 4, rows());
    }

    @Test
    void leavesWhatDependsOnTheLongestTextToOtherEngines() {
        OperatorJudge.assertUnsupported(
                numbered(3, "nought").node("Slice", "joined zero four one", "y"), "y", 4, "filled with 3.0");
        OperatorJudge.assertUnsupported(
                numbered(0, "more").node("Slice", "joined zero four one", "y"), "y", 4, "other numbers than zeros");
        OperatorJudge.assertUnsupported(
                numbered(0, "nought").node("Slice", "joined one four one", "y"), "y", 3, "than the first 4");
        OperatorJudge.assertUnsupported(
                numbered(0, "nought").constant("five", new long[] {5}, 1).node("Slice", "joined zero five one", "y"),
                "y",
                5,
                "than the first 4");
        OperatorJudge.assertUnsupported(
                numbered(0, "nought").node("Slice", "numbers zero four one", "y"), "y", 4, "than the first 0");
        OperatorJudge.assertUnsupported(
                numbered(0, "nought").node("Cast", "joined", "y", integer("to", 1)), "y", 4, "");
        OperatorJudge.assertUnsupported(
                split(text("delimiter", " "))
                        .node("Squeeze", "pieces one", "row")
                        .node("TfIdfVectorizer", "row", "y", pool("a", "")),
                "y",
                2,
                "fills up");
        OperatorJudge.assertUnsupported(
                split(text("delimiter", " ")).node("Shape", "pieces", "y"), "y", 3, "the number of tokens");
        OperatorJudge.assertUnsupported(
                split(text("delimiter", " ")).node("TfIdfVectorizer", "pieces", "y", pool("a")), "y", 1, "");
        OperatorJudge.assertUnsupported(
                split(text("delimiter", " ")).node("Squeeze", "pieces zero", "y"), "y", 1, "the batch");
    }

    @Test
    void leavesRarerFormsToOtherEngines() {
        AttributeProto[][] forms = {
            {},
            {text("delimiter", "")},
            {text("delimiter", " "), integer("maxsplit", 1)},
            {text("delimiter", "a".repeat(257))}
        };
        for (AttributeProto[] form : forms) {
            OperatorJudge.assertUnsupported(split(form).node("Cast", "count", "y", integer("to", 1)), "y", 1, "");
        }
    }

    @Test
    void leavesVocabulariesThatWereMadeToCollideToOtherEngines() {
        String[] words = new String[5000];
        for (int i = 0; i < words.length; i++) {
            StringBuilder word = new StringBuilder();
            for (int bit = 0; bit < 13; bit++) {
                word.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            words[i] = word.toString();
        }
        NodeGraph graph = split(text("delimiter", " "))
                .node("Squeeze", "pieces one", "row")
                .node("TfIdfVectorizer", "row", "y", pool(words));
        OperatorJudge.assertUnsupported(graph, "y", words.length, "equal hashes");
    }
}
