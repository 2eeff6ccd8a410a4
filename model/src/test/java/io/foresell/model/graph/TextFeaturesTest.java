package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Vocabulary features of sentences on ONNX Runtime, against counting by hand. */
class TextFeaturesTest {
    private static final List<String> SENTENCES = List.of(
            "我的银行卡丢了，怎么办？",
            "请问这个景点的门票多少钱？",
            "帮我找一家人均消费100-150元的餐馆。",
            "哈哈哈哈，谢谢谢谢！",
            "银行卡余额 怎么查",
            "How do I top up my card?",
            "my card has not arrived, my card!",
            "");

    private static float[] run(InputEncoding encoding, List<String> texts) throws OrtException {
        Preprocessing preprocessing = new Preprocessing(List.of(encoding));
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        graph.output(preprocessing.write(graph), "columns", TensorProto.DataType.FLOAT, preprocessing.encodedWidth());
        Rows rows = new Rows(texts.size(), new float[0], texts.toArray(String[]::new));
        try (GraphRun run = new GraphRun(graph.finish(), preprocessing.signature())) {
            float[] columns = run.only(rows);
            float[] encoded = preprocessing.encode(rows);
            for (int i = 0; i < columns.length; i++) {
                String text = texts.get(i / preprocessing.encodedWidth());
                String column = preprocessing.encodedNames().get(i % preprocessing.encodedWidth());
                assertThat(encoded[i]).as("%s of %s", column, text).isCloseTo(columns[i], within(1e-6f));
            }
            return columns;
        }
    }

    /** Returns all runs of one to three characters, where a character beyond 16 bits is one. */
    private static List<String> vocabulary() {
        TreeSet<String> strings = new TreeSet<>();
        for (String sentence : SENTENCES) {
            int[] points = sentence.codePoints().toArray();
            for (int from = 0; from < points.length; from++) {
                for (int length = 1; length <= 3 && from + length <= points.length; length++) {
                    strings.add(new String(points, from, length));
                }
            }
        }
        return List.copyOf(strings);
    }

    @Test
    void countsCharactersPairsAndTriples() throws OrtException {
        List<String> strings = vocabulary();
        float[] counts =
                run(new CharactersEncoding("question", strings, TermWeights.counts(strings.size())), SENTENCES);
        assertThat(strings).hasSizeGreaterThan(200);
        for (int row = 0; row < SENTENCES.size(); row++) {
            for (int i = 0; i < strings.size(); i++) {
                assertThat(counts[row * strings.size() + i])
                        .as("%s in %s", strings.get(i), SENTENCES.get(row))
                        .isEqualTo(occurrences(SENTENCES.get(row), strings.get(i)));
            }
        }
    }

    /** Not on ONNX Runtime: its Java binding hands over such characters as two, in no standard encoding. */
    @Test
    void takesACharacterBeyondSixteenBitsAsOne() {
        CharactersEncoding encoding = new CharactersEncoding("question", List.of("😀", "𠮷野"), TermWeights.counts(2));
        Rows rows = new Rows(1, new float[0], new String[] {"𠮷野家 😀😀"});
        assertThat(new Preprocessing(List.of(encoding)).encode(rows)).containsExactly(2, 1);
    }

    private static float occurrences(String text, String string) {
        int count = 0;
        for (int at = text.indexOf(string); at >= 0; at = text.indexOf(string, at + string.length())) {
            count++;
        }
        return count;
    }

    @Test
    void weighsCountsByRarityAndLength() throws OrtException {
        CharactersEncoding encoding = new CharactersEncoding(
                "question", List.of("谢", "哈哈", "卡"), new TermWeights(List.of(2f, 3f, 5f), true, true));
        float[] columns = run(encoding, List.of("哈哈哈哈，谢谢谢谢！", "卡", "没有"));
        double thanks = 2 * (1 + Math.log(4));
        double laughs = 3 * (1 + Math.log(2));
        double length = Math.sqrt(thanks * thanks + laughs * laughs);
        assertThat(columns)
                .containsExactly(
                        new float[] {(float) (thanks / length), (float) (laughs / length), 0, 0, 0, 1, 0, 0, 0},
                        within(1e-6f));
    }

    @Test
    void countsWordsAndPhrasesInTheColumnsOfTheirTerms() throws OrtException {
        Map<String, Integer> columns =
                Map.of("card", 0, "card?", 0, "card!", 0, "top up", 1, "银行卡余额", 2, "has not arrived,", 3, "my", 4);
        float[] counts = run(new WordsEncoding("question", columns, TermWeights.counts(5)), SENTENCES);
        assertThat(counts).hasSize(5 * SENTENCES.size());
        assertThat(row(counts, 4)).containsExactly(0f, 0f, 1f, 0f, 0f);
        assertThat(row(counts, 5)).containsExactly(1f, 1f, 0f, 0f, 1f);
        assertThat(row(counts, 6)).containsExactly(2f, 0f, 0f, 1f, 2f);
        assertThat(row(counts, 7)).containsOnly(0f);
    }

    private static List<Float> row(float[] columns, int row) {
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            values.add(columns[row * 5 + i]);
        }
        return values;
    }

    @Test
    void answersABatchOfEmptyTexts() throws OrtException {
        float[] words = run(new WordsEncoding("question", Map.of("card", 0), TermWeights.counts(1)), List.of("", ""));
        float[] characters = run(
                new CharactersEncoding("question", List.of("a", " "), new TermWeights(List.of(1f, 1f), true, true)),
                List.of(""));
        assertThat(words).containsExactly(0, 0);
        assertThat(characters).containsExactly(0, 0);
    }

    @Test
    void keepsTheBucketOfAHashForever() {
        TextBucketEncoding encoding = TextBucketEncoding.hashed("city", List.of("北京", "Paris", "", "São Paulo"), 8);
        // FNV-1a, 32 bits, of the UTF-8 octets, modulo 7; bucket 7 is that of unseen texts.
        assertThat(encoding.buckets())
                .containsOnly(Map.entry("北京", 3), Map.entry("Paris", 5), Map.entry("São Paulo", 1));
        assertThat(encoding.unseenBucket()).isEqualTo(7);
    }

    @Test
    void refusesVocabulariesThatContradictThemselves() {
        assertThatThrownBy(() -> new WordsEncoding("q", Map.of("two  spaces", 0), TermWeights.counts(1)))
                .hasMessageContaining("two  spaces");
        assertThatThrownBy(() -> new WordsEncoding("q", Map.of("card", 0), TermWeights.counts(2)))
                .hasMessageContaining("terms of column 1: 0");
        assertThatThrownBy(() -> new CharactersEncoding("q", List.of("a", "a"), TermWeights.counts(2)))
                .hasMessageContaining("unique");
        assertThatThrownBy(() -> new TermWeights(List.of(Float.NaN), false, false))
                .hasMessageContaining("NaN");
    }
}
