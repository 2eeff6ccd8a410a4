package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.onnx.TensorProto;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What training encodes is what the graph encodes. */
class PreprocessingTest {
    @Test
    void encodesAsTheGraphDoes() throws OrtException {
        for (int seed = 0; seed < 60; seed++) {
            Preprocessing preprocessing = new RandomEncodings(seed, seed % 2 == 0).draw();
            Rows rows = new RandomModels(seed).rowsWithInfinities(preprocessing.signature(), 100, 1e4f);
            try (GraphRun graph = new GraphRun(columns(preprocessing), preprocessing.signature())) {
                float[] expected = graph.only(rows);
                float[] actual = preprocessing.encode(rows);
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < actual.length; i++) {
                    String column = preprocessing.encodedNames().get(i % preprocessing.encodedWidth());
                    if (Float.isFinite(expected[i])) {
                        assertThat(actual[i])
                                .as("seed %d, %s", seed, column)
                                .isCloseTo(expected[i], within(1e-6f * Math.max(1, Math.abs(expected[i]))));
                    } else {
                        assertThat(Float.valueOf(actual[i]))
                                .as("seed %d, %s", seed, column)
                                .isEqualTo(Float.valueOf(expected[i]));
                    }
                }
            }
        }
    }

    @Test
    void projectsAsTheGraphDoes() throws OrtException {
        for (int seed = 0; seed < 20; seed++) {
            RandomEncodings random = new RandomEncodings(seed, false);
            List<InputEncoding> encodings = List.of(
                    FlatSequenceEncoding.of(new NumberEncoding("spend", 0.5f, 0, 1).within(-2, 2), 1 + seed),
                    new TextEncoding("plan", List.of("No", "一年")));
            ColumnProjection projection = random.projection(3 + seed);
            int kept = projection.outputs();
            Preprocessing preprocessing =
                    new Preprocessing(encodings, List.of(projection, new ColumnSelection(kept, List.of(kept - 1, 0))));
            Rows rows = new RandomModels(seed).rowsWithInfinities(preprocessing.signature(), 50, 10);
            try (GraphRun graph = new GraphRun(columns(preprocessing), preprocessing.signature())) {
                assertThat(preprocessing.encodedNames()).containsExactly("component " + (kept - 1), "component 0");
                assertThat(preprocessing.encode(rows)).containsExactly(graph.only(rows), within(1e-5f));
            }
        }
    }

    @Test
    void sparseRowsAreTheDenseOnesWithoutZeros() {
        for (int seed = 0; seed < 100; seed++) {
            Preprocessing preprocessing = new RandomEncodings(seed, seed % 2 == 0).draw();
            Rows rows = new RandomModels(seed).rowsWithInfinities(preprocessing.signature(), 30, 1e4f);
            int width = preprocessing.encodedWidth();
            float[] expected = preprocessing.encode(rows);
            float[] found = new float[expected.length];
            int[] row = {10};
            int[] last = {-1};
            preprocessing.encodeSparse(rows, 10, 30, new ColumnSink() {
                @Override
                public void add(int column, float value) {
                    assertThat(column).isGreaterThan(last[0]).isLessThan(width);
                    assertThat(value).isNotEqualTo(0f);
                    last[0] = column;
                    found[row[0] * width + column] = value;
                }

                @Override
                public void endRow() {
                    row[0]++;
                    last[0] = -1;
                }
            });
            assertThat(row[0]).isEqualTo(30);
            for (int i = 10 * width; i < found.length; i++) {
                // Either zero will do.
                assertThat(Float.valueOf(found[i] + 0f)).as("seed %d", seed).isEqualTo(Float.valueOf(expected[i] + 0f));
            }
        }
    }

    private static byte[] columns(Preprocessing preprocessing) {
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        String encoded = new EncodingNodes(preprocessing, graph).encoded();
        graph.output(encoded, "columns", TensorProto.DataType.FLOAT, preprocessing.encodedWidth());
        return graph.finish();
    }

    @Test
    void readsAnInputInSeveralWays() {
        Preprocessing preprocessing = new Preprocessing(List.of(
                NumberEncoding.raw("age"),
                NumberEncoding.raw("age").within(0, 1),
                FlatSequenceEncoding.of(new NumberEncoding("spend", 7, 0, 1), 2)));
        Rows rows = new Rows(1, new float[] {5, Float.NaN, 3}, new String[0]);
        assertThat(preprocessing.signature().numberWidth()).isEqualTo(3);
        assertThat(preprocessing.encodedNames()).containsExactly("age", "spend[0]", "spend[1]", "age");
        assertThat(preprocessing.encode(rows)).containsExactly(5, 7, 3, 1);
    }

    @Test
    void refusesAnInputOfTwoKinds() {
        assertThatThrownBy(() ->
                        new Preprocessing(List.of(NumberEncoding.raw("age"), new TextEncoding("age", List.of("old")))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("input age");
    }
}
