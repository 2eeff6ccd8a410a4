package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Allocation;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every encoding of texts compiles and answers as ONNX Runtime and as counting by hand, over random vocabularies. */
class CompiledTextTest {
    private static final List<String> LETTERS = List.of("a", "b", "ab", "é", "e\u0301", "北", "京", "哈", "?", "-");
    private static final List<String> AWKWARD = List.of("", " ", "  ", "   ", " a", "a ", "a  b", "哈哈哈", "ab ab  ab ");

    /** One column of texts through an encoding, on both engines. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Columns(byte[] onnx, Signature signature, int width) {
        static Columns of(InputEncoding encoding) {
            if (encoding instanceof WordSequenceEncoding words) {
                Signature signature = Signature.of(List.of(words.field()));
                GraphBuilder graph = new GraphBuilder(signature);
                return finished(graph, words.write(graph), signature, words.length());
            }
            Preprocessing preprocessing = new Preprocessing(List.of(encoding));
            GraphBuilder graph = new GraphBuilder(preprocessing.signature());
            String columns = preprocessing.write(graph);
            return finished(graph, columns, preprocessing.signature(), preprocessing.encodedWidth());
        }

        private static Columns finished(GraphBuilder graph, String value, Signature signature, int width) {
            graph.output(value, "columns", TensorProto.DataType.FLOAT, width);
            return new Columns(graph.finish(), signature, width);
        }

        Scorer scorer() {
            List<String> labels =
                    IntStream.range(0, width).mapToObj(Integer::toString).toList();
            return ScorerCompiler.compile(onnx, signature, Answer.ranking(labels), Background.missing(signature));
        }

        float[] compiled(List<String> texts) {
            return answers(scorer(), texts);
        }

        float[] answers(Scorer scorer, List<String> texts) {
            float[] columns = new float[texts.size() * width];
            scorer.score(rows(texts), columns);
            return columns;
        }

        float[] onnxRuntime(List<String> texts) throws OrtException {
            try (GraphRun run = new GraphRun(onnx, signature)) {
                return run.only(rows(texts));
            }
        }
    }

    private static Rows rows(List<String> texts) {
        return new Rows(texts.size(), new float[0], texts.toArray(String[]::new));
    }

    private static String word(Random random, List<String> letters) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            word.append(letters.get(random.nextInt(letters.size())));
        }
        return word.toString();
    }

    private static List<String> texts(Random random, int count, List<String> letters) {
        List<String> texts = new ArrayList<>(AWKWARD);
        while (texts.size() < count) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                text.append(word(random, letters)).append(" ".repeat(random.nextInt(9) == 0 ? 2 : 1));
            }
            texts.add(random.nextBoolean() ? text.toString() : text.toString().strip());
        }
        return texts;
    }

    private static TermWeights weights(Random random, int width) {
        List<Float> weights = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            weights.add(0.2f + random.nextFloat());
        }
        return random.nextInt(3) == 0
                ? TermWeights.counts(width)
                : new TermWeights(weights, random.nextBoolean(), random.nextBoolean());
    }

    private static WordsEncoding words(Random random, List<String> letters) {
        TreeSet<String> terms = new TreeSet<>();
        for (int i = 1 + random.nextInt(60); i > 0; i--) {
            int length = 1 + random.nextInt(random.nextInt(3) + 1);
            terms.add(String.join(
                    " ",
                    IntStream.range(0, length)
                            .mapToObj(j -> word(random, letters))
                            .toList()));
        }
        int width = 1 + random.nextInt(terms.size());
        Map<String, Integer> columns = new TreeMap<>();
        terms.forEach(term -> columns.put(term, columns.size() < width ? columns.size() : random.nextInt(width)));
        return new WordsEncoding("text", columns, weights(random, width));
    }

    private static CharactersEncoding characters(Random random, List<String> letters) {
        TreeSet<String> strings = new TreeSet<>(List.of(" "));
        for (int i = 1 + random.nextInt(80); i > 0; i--) {
            strings.add(word(random, letters));
        }
        return new CharactersEncoding("text", List.copyOf(strings), weights(random, strings.size()));
    }

    private static WordSequenceEncoding sequence(Random random, List<String> letters) {
        TreeSet<String> words = new TreeSet<>();
        for (int i = 1 + random.nextInt(20); i > 0; i--) {
            words.add(word(random, letters));
        }
        return new WordSequenceEncoding("text", List.copyOf(words), 2 + random.nextInt(9));
    }

    private static float[] weighed(TermWeights weights, float[] counts) {
        int[] found = IntStream.range(0, counts.length)
                .flatMap(column -> IntStream.generate(() -> column).limit((long) counts[column]))
                .toArray();
        float[] weighed = new float[counts.length];
        weights.weigh(found, 0, ColumnBlock.into(weighed));
        return weighed;
    }

    private static float[] byHand(InputEncoding encoding, String text) {
        if (encoding instanceof WordsEncoding words) {
            float[] counts = new float[words.weights().width()];
            String[] found = text.split(" ", -1);
            for (int from = 0; from < found.length; from++) {
                for (int to = from + 1; to <= Math.min(found.length, from + 3); to++) {
                    Integer column = words.columns().get(String.join(" ", Arrays.copyOfRange(found, from, to)));
                    if (column != null) {
                        counts[column]++;
                    }
                }
            }
            return weighed(words.weights(), counts);
        } else if (encoding instanceof CharactersEncoding characters) {
            float[] counts = new float[characters.strings().size()];
            for (int i = 0; i < counts.length; i++) {
                String string = characters.strings().get(i);
                for (int at = text.indexOf(string); at >= 0; at = text.indexOf(string, at + string.length())) {
                    counts[i]++;
                }
            }
            return weighed(characters.weights(), counts);
        } else if (encoding instanceof WordSequenceEncoding words) {
            String[] found = text.split(" ", -1);
            float[] indices = new float[words.length()];
            for (int i = 0; i < Math.min(found.length, indices.length); i++) {
                int index = words.indices().getOrDefault(found[i], WordSequenceEncoding.UNKNOWN_WORD);
                indices[i] = found[i].isEmpty() ? WordSequenceEncoding.NO_WORD : index;
            }
            return indices;
        }
        return new Preprocessing(List.of(encoding)).encode(rows(List.of(text)));
    }

    private static void assertByHand(InputEncoding encoding, List<String> texts, float[] actual) {
        int width = actual.length / texts.size();
        for (int row = 0; row < texts.size(); row++) {
            assertClose(
                    "%s of \"%.99s\"".formatted(encoding.field().name(), texts.get(row)),
                    Arrays.copyOfRange(actual, row * width, (row + 1) * width),
                    byHand(encoding, texts.get(row)));
        }
    }

    private static void check(int seeds, Function<Random, InputEncoding> draw) throws OrtException {
        for (int seed = 0; seed < seeds; seed++) {
            Random random = new Random(seed);
            InputEncoding encoding = draw.apply(random);
            List<String> texts = texts(random, seed == 0 ? 1000 : 60, LETTERS);
            Columns columns = Columns.of(encoding);
            Scorer scorer = columns.scorer();
            float[] compiled = columns.answers(scorer, texts);
            assertByHand(encoding, texts, compiled);
            assertClose("seed " + seed, compiled, columns.onnxRuntime(texts));
            for (int row = 0; row < AWKWARD.size() + 3; row++) {
                float[] alone = columns.answers(scorer, texts.subList(row, row + 1));
                int from = row * columns.width();
                assertThat(alone).isEqualTo(Arrays.copyOfRange(compiled, from, from + columns.width()));
            }
            List<String> one = texts.subList(seed % AWKWARD.size(), seed % AWKWARD.size() + 1);
            assertClose("seed %d alone".formatted(seed), columns.answers(scorer, one), columns.onnxRuntime(one));
        }
    }

    private static void assertClose(String name, float[] actual, float[] expected) {
        assertThat(actual.length).as(name).isEqualTo(expected.length);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= 1e-5f)) {
                fail("%s, value %d: %s (expected: %s)".formatted(name, i, actual[i], expected[i]));
            }
        }
    }

    @Test
    void countsWordsAndPhrases() throws OrtException {
        check(60, random -> words(random, LETTERS));
    }

    @Test
    void countsStrings() throws OrtException {
        check(60, random -> characters(random, LETTERS));
    }

    @Test
    void numbersTheFirstWords() throws OrtException {
        check(60, random -> sequence(random, LETTERS));
    }

    @Test
    void looksWholeTextsUp() throws OrtException {
        check(20, random -> TextBucketEncoding.hashed("text", texts(random, 20, LETTERS), 2 + random.nextInt(9)));
        check(20, random -> new TextNumberEncoding("text", Map.of("", 1f, "a ", 2f, "哈哈哈", 3f), random.nextFloat()));
        check(20, random -> new TextEncoding("text", List.of(" ", "a ", "哈哈哈", "a  b")));
        check(
                20,
                random -> new TextVectorEncoding(
                        "text", List.of("", "a ", "哈哈哈"), 2, new float[] {1, 2, 3, 4, 5, 6, random.nextFloat(), 8}));
        check(2, random -> new MissingEncoding(new TextEncoding("text", List.of("a")).field()));
    }

    /** Not on ONNX Runtime: its Java binding hands over such characters as two, in no standard encoding. */
    @Test
    void takesCharactersBeyondSixteenBits() {
        List<String> letters = List.of("😀", "𠮷", "野", "😁", "\ud83d");
        List<String> vocabulary = letters.subList(0, 4);
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            List<String> texts = texts(random, 60, letters);
            for (InputEncoding encoding :
                    List.of(words(random, vocabulary), characters(random, vocabulary), sequence(random, vocabulary))) {
                assertByHand(encoding, texts, Columns.of(encoding).compiled(texts));
            }
        }
    }

    @Test
    void readsVeryLongTexts() throws OrtException {
        Random random = new Random(1);
        StringBuilder mixed = new StringBuilder();
        while (mixed.length() < 300_000) {
            mixed.append(word(random, LETTERS)).append(' ');
        }
        String stem = "a".repeat(255);
        List<String> texts =
                List.of("a".repeat(100_000), " ".repeat(300_000), mixed.toString(), "", "哈 ".repeat(90_000));
        List<InputEncoding> encodings = List.of(
                words(random, LETTERS),
                new CharactersEncoding("text", List.of("a", stem, "a" + stem, " ", "哈 哈"), TermWeights.counts(5)),
                sequence(random, LETTERS));
        for (InputEncoding encoding : encodings) {
            Columns columns = Columns.of(encoding);
            float[] compiled = columns.compiled(texts);
            assertClose("long texts", compiled, columns.onnxRuntime(texts));
            assertByHand(encoding, texts, compiled);
        }
    }

    @Test
    void compilesAsManyStringsAsMayBe() {
        List<String> strings = IntStream.range(0, CharactersEncoding.MAX_STRINGS)
                .mapToObj(i -> Integer.toString(i, 3) + (char) ('a' + i % 26))
                .toList();
        CharactersEncoding encoding = new CharactersEncoding("text", strings, TermWeights.counts(strings.size()));
        List<String> texts = List.of("12102a 2121b", "000a", "");
        assertByHand(encoding, texts, Columns.of(encoding).compiled(texts));
    }

    @Test
    void contributionsOfALinearModelAreThoseOfItsColumns() {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            InputEncoding text = seed % 2 == 0 ? words(random, LETTERS) : characters(random, LETTERS);
            Preprocessing preprocessing = new Preprocessing(List.of(NumberEncoding.standardized("age", 40, 10), text));
            int width = preprocessing.encodedWidth();
            double[] weights = random.doubles(width, -1, 1).toArray();
            byte[] onnx = ModelGraph.write(preprocessing, LinearModel.of(weights, 0.3), Head.binary(Calibration.NONE));
            List<String> texts = texts(random, 30, LETTERS);
            float[] ages = new float[texts.size()];
            Arrays.fill(ages, 40 + seed);
            Rows rows = new Rows(ages.length, ages, texts.toArray(String[]::new));
            Signature signature = preprocessing.signature();
            Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.of(signature, rows));
            float[] encoded = preprocessing.encode(rows);
            double[] means = new double[width];
            for (int i = 0; i < encoded.length; i++) {
                means[i % width] += encoded[i] / (double) ages.length;
            }
            float[] answers = new float[ages.length];
            scorer.score(rows, answers);
            double[] terms = new double[2];
            for (int row = 0; row < ages.length; row++) {
                double expected = 0;
                for (int i = 1; i < width; i++) {
                    expected += (float) weights[i] * (encoded[row * width + i] - means[i]);
                }
                scorer.contributions(rows, row, 0, terms);
                assertThat(terms[1]).as("seed %d row %d", seed, row).isCloseTo(expected, within(1e-5));
                double logOdds = scorer.base(0) + terms[0] + terms[1];
                assertThat(1 / (1 + Math.exp(-logOdds))).isCloseTo(answers[row], within(1e-6));
            }
        }
    }

    @Test
    void allocatesNothingPerRow() {
        Random random = new Random(3);
        Rows rows = rows(texts(random, 40, LETTERS));
        for (InputEncoding encoding :
                List.of(words(random, LETTERS), characters(random, LETTERS), sequence(random, LETTERS))) {
            Columns columns = Columns.of(encoding);
            Scorer scorer = columns.scorer();
            float[] answers = new float[rows.rowCount() * columns.width()];
            assertThat(Allocation.of(() -> scorer.score(rows, answers)))
                    .as("%s", encoding)
                    .isLessThan(Allocation.NOTHING);
        }
    }
}
