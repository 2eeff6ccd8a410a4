package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recommenders on ONNX Runtime: scores of all items and the best of them. */
class RecommenderModelTest {
    /** A history as counts per item. */
    private static Preprocessing counts(int items) {
        return new Preprocessing(List.of(FlatSequenceEncoding.of(new NumberEncoding("history", 0, 0, 1), items)));
    }

    @Test
    void scoresItemsBySimilarity() throws OrtException {
        float[] similarity = {0, 1, 2, 3, 1, 0, 5, 2, 2, 5, 0, 1, 3, 2, 1, 0};
        byte[] onnx = ModelGraph.write(counts(4), RecommenderModel.itemToItem(4, similarity, false), Head.ranking(2));
        try (GraphRun graph = new GraphRun(onnx, counts(4).signature())) {
            Rows rows = new Rows(2, new float[] {1, 0, 0, 2, Float.NaN, 1, 0, 0}, new String[0]);
            Map<String, float[]> outputs = graph.run(rows);
            assertThat(outputs.get("scores")).containsExactly(6, 5, 4, 3, 1, 0, 5, 2);
            assertThat(outputs.get("top_scores")).containsExactly(6, 5, 5, 2);
            assertThat(outputs.get("top_items")).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void doesNotRecommendAgainWhatWasSeen() throws OrtException {
        float[] similarity = {0, 1, 2, 3, 1, 0, 5, 2, 2, 5, 0, 1, 3, 2, 1, 0};
        byte[] onnx = ModelGraph.write(counts(4), RecommenderModel.itemToItem(4, similarity, true), Head.ranking(4));
        try (GraphRun graph = new GraphRun(onnx, counts(4).signature())) {
            Rows rows = new Rows(1, new float[] {1, 0, 0, 2}, new String[0]);
            assertThat(graph.run(rows).get("top_items")).containsExactly(1, 2, 0, 3);
        }
    }

    @Test
    void equalScoresKeepTheOrderOfItems() throws OrtException {
        byte[] onnx =
                ModelGraph.write(counts(5), RecommenderModel.itemToItem(5, new float[25], false), Head.ranking(3));
        try (GraphRun graph = new GraphRun(onnx, counts(5).signature())) {
            assertThat(graph.run(new Rows(1, new float[5], new String[0])).get("top_items"))
                    .containsExactly(0, 1, 2);
        }
    }

    @Test
    void foldsAHistoryIntoFactors() throws OrtException {
        Random random = new Random(7);
        int items = 300;
        int factors = 16;
        float[] into = gaussians(random, items * factors);
        float[] back = gaussians(random, items * factors);
        byte[] onnx = ModelGraph.write(
                counts(items), RecommenderModel.factors(items, factors, into, back, false), Head.ranking(10));
        float[] history = new float[items];
        for (int i = 0; i < 20; i++) {
            history[random.nextInt(items)]++;
        }
        try (GraphRun graph = new GraphRun(onnx, counts(items).signature())) {
            float[] scores = graph.run(new Rows(1, history, new String[0])).get("scores");
            for (int item = 0; item < items; item++) {
                double expected = 0;
                for (int f = 0; f < factors; f++) {
                    double factor = 0;
                    for (int i = 0; i < items; i++) {
                        factor += history[i] * into[i * factors + f];
                    }
                    expected += factor * back[f * items + item];
                }
                assertThat((double) scores[item]).isCloseTo(expected, within(1e-4));
            }
        }
    }

    @Test
    void readsAHistoryOfNames() throws OrtException {
        WordsEncoding names = new WordsEncoding("history", Map.of("apple", 0, "梨", 1, "fig", 2), TermWeights.counts(3));
        Preprocessing preprocessing = new Preprocessing(List.of(names));
        float[] similarity = {0, 1, 0, 0, 0, 1, 1, 0, 0};
        byte[] onnx =
                ModelGraph.write(preprocessing, RecommenderModel.itemToItem(3, similarity, false), Head.ranking(1));
        try (GraphRun graph = new GraphRun(onnx, preprocessing.signature())) {
            Rows rows = new Rows(3, new float[0], new String[] {"apple fig apple", "", "unknown 梨"});
            assertThat(graph.run(rows).get("scores")).containsExactly(1, 2, 0, 0, 0, 0, 0, 0, 1);
        }
    }

    @Test
    void scoresItemsForAKnownUser() throws OrtException {
        Preprocessing preprocessing = new Preprocessing(
                List.of(new TextVectorEncoding("user", List.of("ann", "李"), 2, new float[] {1, 0, 0, 1, 0.5f, 0.5f})));
        LinearModel itemFactors = new LinearModel(new double[][] {{1, 2}, {3, 4}, {5, 6}}, new double[3]);
        byte[] onnx = ModelGraph.write(preprocessing, itemFactors, Head.ranking(1));
        try (GraphRun graph = new GraphRun(onnx, preprocessing.signature())) {
            Rows rows = new Rows(3, new float[0], new String[] {"李", "", "ann"});
            assertThat(graph.run(rows).get("scores")).containsExactly(2, 4, 6, 1.5f, 3.5f, 5.5f, 1, 3, 5);
        }
    }

    @Test
    void refusesMoreTopItemsThanThereAre() {
        assertThatThrownBy(() -> ModelGraph.write(
                        counts(2), RecommenderModel.itemToItem(2, new float[4], false), Head.ranking(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("top 3 of 2 items");
    }

    private static float[] gaussians(Random random, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) (random.nextGaussian() * 0.2);
        }
        return floats;
    }
}
