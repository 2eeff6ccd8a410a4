package io.foresell.model.graph.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.WordSequenceEncoding;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.OnnxRuntimeJudge;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** ONNX Runtime and the compiled scorer agree on networks of every layer. */
final class NetworkParityTest {
    private static final float TOLERANCE = 1e-5f;
    private static final float RECURRENT_TOLERANCE = 1e-4f;

    @Test
    void networksOverSequences() throws OrtException {
        for (int seed = 0; seed < 80; seed++) {
            RandomModels models = new RandomModels(seed);
            Preprocessing preprocessing = models.sequences(1 + seed % 4, 3 + seed % 17);
            Network network = new RandomNetworks(seed).overSequences(preprocessing, 1);
            assertAgreement("seed " + seed, network, models.rows(network.signature(), 200, 10), RECURRENT_TOLERANCE);
        }
    }

    @Test
    void networksOverImages() throws OrtException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Shape.Image image = new Shape.Image(1 + random.nextInt(3), 3 + random.nextInt(7), 3 + random.nextInt(7));
            Preprocessing preprocessing =
                    new Preprocessing(List.of(new SequenceEncoding("pixels", image.size(), 0.1f, 0.5f, 2)));
            Network network = new RandomNetworks(seed).overImages(preprocessing, image, 1);
            Rows rows = new RandomModels(seed).rows(network.signature(), 200, 10);
            assertAgreement("seed " + seed, network, rows, TOLERANCE);
        }
    }

    /** The indices of the words are in the graph. */
    @Test
    void wordsOfATextGoThroughAnEmbedding() throws OrtException {
        WordSequenceEncoding words = new WordSequenceEncoding("review", List.of("good", "bad", "非常", "Good"), 4);
        List<String> texts = List.of(
                "good bad",
                "",
                "bad",
                "never seen words",
                "a longer text than four words good",
                "good  bad",
                "非常 good Good GOOD bad",
                " ");
        float[] indices = words.encode(texts);
        assertThat(Arrays.copyOf(indices, 8)).containsExactly(2, 3, 0, 0, 0, 0, 0, 0);
        assertThat(Arrays.copyOfRange(indices, 20, 32)).containsExactly(2, 0, 3, 0, 4, 2, 5, 1, 0, 0, 0, 0);
        float[] table = new float[words.indexCount()];
        for (int i = 0; i < table.length; i++) {
            table[i] = i * i - 7;
        }
        float[] perPlace = {0.1f, -0.2f, 0.3f, 0.05f};
        NetworkBuilder builder = new NetworkBuilder(new Preprocessing(List.of(words)));
        Tensor embedded = builder.apply(new Embedding(table.length, 1, table), builder.words("review"));
        Tensor flat = builder.apply(new Flatten(), embedded);
        Network network = builder.build(builder.apply(new Dense(4, 1, perPlace, new float[] {0.2f}), flat));

        byte[] onnx = network.onnx(Head.binary(Calibration.NONE));
        Rows rows = new Rows(texts.size(), new float[0], texts.toArray(new String[0]));
        float[] compiled = new float[texts.size()];
        ScorerCompiler.compile(onnx, network.signature(), Answer.binary(), Background.missing(network.signature()))
                .score(rows, compiled);
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, network.signature())) {
            float[] all = judge.score(rows);
            for (int row = 0; row < texts.size(); row++) {
                double logOdds = 0.2;
                for (int place = 0; place < 4; place++) {
                    logOdds += perPlace[place] * table[(int) indices[row * 4 + place]];
                }
                float expected = (float) (1 / (1 + Math.exp(-logOdds)));
                assertThat(all[row]).as(texts.get(row)).isCloseTo(expected, within(TOLERANCE));
                assertThat(compiled[row]).as(texts.get(row)).isCloseTo(expected, within(TOLERANCE));
                float[] alone = judge.score(new Rows(1, new float[0], new String[] {texts.get(row)}));
                assertThat(alone[0]).as(texts.get(row)).isCloseTo(expected, within(TOLERANCE));
            }
        }
    }

    private static void assertAgreement(String name, Network network, Rows rows, float tolerance) throws OrtException {
        Signature signature = network.signature();
        byte[] onnx = network.onnx(Head.binary(Calibration.NONE));
        List<String> differences = new ArrayList<>();
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            float[] expected = judge.score(rows);
            float[] actual = new float[rows.rowCount()];
            try {
                ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature))
                        .score(rows, actual);
            } catch (UnsupportedOperatorException e) {
                // Left to ONNX Runtime, which has just answered; anything else must compile.
                assertThat(e.getMessage())
                        .as(name)
                        .containsAnyOf("GlobalLpPool", "LSTM: peepholes", "LSTM: activations");
                return;
            }
            for (int row = 0; row < actual.length; row++) {
                if (!(Math.abs(actual[row] - expected[row]) <= tolerance)) {
                    differences.add("row %d: %s (expected: %s)".formatted(row, actual[row], expected[row]));
                }
            }
        }
        assertThat(differences).as(name).isEmpty();
    }
}
