package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Texts are normalised, split and counted as ONNX Runtime does it. */
class TextOperatorsTest {
    private static final List<String> WORDS = List.of("a", "bb", "ccc", "Dd", "é", "北京", "x1", "_y");

    private static NodeGraph ofText() {
        return new NodeGraph(Signature.of(List.of(InputField.text("x"))));
    }

    private static Rows sentences(Random random, int rowCount) {
        String[] texts = new String[rowCount];
        String[] gaps = {" ", "  ", ", ", "-", "."};
        for (int row = 0; row < rowCount; row++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i > 0; i--) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(gaps[random.nextInt(gaps.length)]);
            }
            texts[row] = text.toString();
        }
        return new Rows(rowCount, new float[0], texts);
    }

    /** Draws a pool of n-grams of some sizes, indexes in another order, and weights. */
    private static AttributeProto[] pool(Random random, List<String> items, boolean isText) {
        int most = 1 + random.nextInt(3);
        int least = 1 + random.nextInt(most);
        List<String> pool = new ArrayList<>();
        long[] starts = new long[most];
        int count = 0;
        for (int size = 1; size <= most; size++) {
            starts[size - 1] = pool.size();
            Set<List<String>> ngrams = new LinkedHashSet<>();
            for (int i = 0; i < 6; i++) {
                List<String> ngram = new ArrayList<>();
                for (int j = 0; j < size; j++) {
                    ngram.add(items.get(random.nextInt(items.size())));
                }
                ngrams.add(ngram);
            }
            ngrams.forEach(pool::addAll);
            count += ngrams.size();
        }
        List<Long> order = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            order.add(i);
        }
        Collections.shuffle(order, random);
        String[] modes = {"TF", "IDF", "TFIDF"};
        return new AttributeProto[] {
            integer("min_gram_length", least),
            integer("max_gram_length", most),
            integer("max_skip_count", random.nextInt(3)),
            text("mode", modes[random.nextInt(3)]),
            integers("ngram_counts", starts),
            integers("ngram_indexes", order.stream().mapToLong(Long::longValue).toArray()),
            numbers("weights", OperatorJudge.random(random, count)),
            isText
                    ? texts("pool_strings", pool)
                    : integers(
                            "pool_int64s",
                            pool.stream().mapToLong(Long::parseLong).toArray())
        };
    }

    private static int width(AttributeProto[] pool) {
        return pool[5].getIntsCount();
    }

    @Test
    void countsTokensAsOnnxRuntime() throws OrtException {
        String[] expressions = {"[a-zA-Z0-9_]+", "[a-z]+", "\\w\\w+", "[^ ,.-]+", "\\d+", "[a-c]{2,}"};
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            AttributeProto[] pool = pool(random, WORDS, true);
            NodeGraph graph = ofText().node(
                            "com.microsoft.Tokenizer",
                            "x",
                            "t",
                            integer("mark", 0),
                            integer("mincharnum", 1 + random.nextInt(2)),
                            text("pad_value", "#"),
                            text("tokenexp", expressions[seed % expressions.length]))
                    .node("Flatten", "t", "f")
                    .node("TfIdfVectorizer", "f", "y", pool);
            OperatorJudge.assertEqual("seed " + seed, graph, "y", width(pool), sentences(random, 40));
        }
    }

    @Test
    void splitsAtSeparatorsAsOnnxRuntime() throws OrtException {
        for (String separator : List.of(" ", "[ ,.-]", "\\.", "")) {
            Random random = new Random(separator.hashCode());
            AttributeProto[] pool = pool(random, separator.isEmpty() ? List.of("a", "b", "c", "é", "北") : WORDS, true);
            NodeGraph graph = ofText().node(
                            "com.microsoft.Tokenizer",
                            "x",
                            "t",
                            integer("mark", 0),
                            integer("mincharnum", 1),
                            text("pad_value", "#"),
                            texts("separators", separator))
                    .node("Flatten", "t", "f")
                    .node("TfIdfVectorizer", "f", "y", pool);
            OperatorJudge.assertEqual("separator " + separator, graph, "y", width(pool), sentences(random, 40));
        }
    }

    @Test
    void countsIntegersAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            AttributeProto[] pool = pool(random, List.of("0", "1", "2", "-3"), false);
            NodeGraph graph = NodeGraph.ofColumns(6)
                    .node("Cast", "x", "i", integer("to", 7))
                    .node("TfIdfVectorizer", "i", "y", pool);
            float[] numbers = new float[40 * 6];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(6) - 3;
            }
            OperatorJudge.assertEqual("seed " + seed, graph, "y", width(pool), new Rows(40, numbers, new String[0]));
        }
    }

    @Test
    void countsWholeTextsAsOnnxRuntime() throws OrtException {
        Random random = new Random(4);
        AttributeProto[] pool = pool(random, WORDS, true);
        NodeGraph graph = new NodeGraph(Signature.of(List.of(InputField.text("s"), InputField.text("t"))))
                .node("Concat", "s t", "x", integer("axis", 1))
                .node("TfIdfVectorizer", "x", "y", pool);
        String[] texts = new String[80];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = WORDS.get(random.nextInt(WORDS.size()));
        }
        OperatorJudge.assertEqual("texts", graph, "y", width(pool), new Rows(40, new float[0], texts));
    }

    @Test
    void changesCaseAsOnnxRuntime() throws OrtException {
        String[] words = {"abc", "ABC", "GRÖSSE", "Größe", "ÉCLAIR", "Ж", "北京", "", "ΣΑΣ", "İ"};
        for (String action : List.of("LOWER", "UPPER", "NONE")) {
            NodeGraph graph = ofText().constant("flat", new long[] {-1}, 1)
                    .constant("back", new long[] {-1, 1}, 2)
                    .node("Reshape", "x flat", "r")
                    .node("StringNormalizer", "r", "n", text("case_change_action", action), text("locale", "C.UTF-8"))
                    .node("Reshape", "n back", "b")
                    .ml(
                            "OneHotEncoder",
                            "b",
                            "h",
                            texts("cats_strings", "abc", "ABC", "grösse", "GRÖSSE", "éclair", "ж", "北京", "σασ", ""))
                    .node("Flatten", "h", "y");
            OperatorJudge.assertEqual(action, graph, "y", 9, new Rows(words.length, new float[0], words));
        }
    }

    @Test
    void leavesOtherExpressionsToOtherEngines() {
        for (String expression :
                List.of("(a|b)+", "a*", ".+", "\\bab+\\b", "[[:alpha:]]+", "[a-", "a", "\\pL+", "[b-a]+", "a{2}", "")) {
            assertThat(CharClass.parse(expression)).as(expression).isNull();
        }
        CharClass word = CharClass.parse("(?u)\\b\\w\\w+\\b");
        assertThat(word).isNotNull();
        assertThat(word.least()).isEqualTo(2);
    }

    @Test
    void refusesPoolsThatDoNotFit() {
        AttributeProto[] good = pool(new Random(6), WORDS, true);
        Object[][] changes = {
            {0, integer("min_gram_length", 0)},
            {1, integer("max_gram_length", 0)},
            {2, integer("max_skip_count", -1)},
            {3, text("mode", "BM25")},
            {4, integers("ngram_counts", 0, 5, 3)},
            {4, integers("ngram_counts")},
            {5, integers("ngram_indexes", 0)},
            {5, integers("ngram_indexes", -1, 1, 2)},
            {5, integers("ngram_indexes", Integer.MAX_VALUE)},
            {6, numbers("weights", 1)},
            {6, numbers("weights", Float.NaN)},
            {7, texts("pool_strings")},
            {7, texts("pool_strings", "a", "a", "a", "a", "a", "a")},
        };
        for (Object[] change : changes) {
            AttributeProto[] attributes = good.clone();
            attributes[(int) change[0]] = (AttributeProto) change[1];
            NodeGraph graph = ofText().node("TfIdfVectorizer", "x", "y", attributes);
            OperatorJudge.assertRefused(graph, "y", width(good), "");
        }
        AttributeProto[] long1 = good.clone();
        long1[1] = integer("max_gram_length", Long.MAX_VALUE);
        OperatorJudge.assertUnsupported(ofText().node("TfIdfVectorizer", "x", "y", long1), "y", 1, "max_gram_length");
    }
}
