package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.ScorerCompiler;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps over columns, dates and gaps of sequences: in Java, on ONNX Runtime and compiled, against counting by hand. */
class ColumnStepsTest {
    private static final float NAN = Float.NaN;

    /** Returns the encoded columns after ONNX Runtime and the compiled scorer gave the same. */
    private static float[] run(Preprocessing preprocessing, Rows rows) throws OrtException {
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        int width = preprocessing.encodedWidth();
        graph.output(preprocessing.write(graph), "columns", TensorProto.DataType.FLOAT, width);
        byte[] onnx = graph.finish();
        float[] encoded = preprocessing.encode(rows);
        try (GraphRun run = new GraphRun(onnx, preprocessing.signature())) {
            assertClose(run.only(rows), encoded);
        }
        Signature signature = preprocessing.signature();
        float[] answers = new float[rows.rowCount()];
        for (int column = 0; column < width; column++) {
            double[] weights = new double[width];
            weights[column] = 1;
            byte[] one = ModelGraph.write(preprocessing, LinearModel.of(weights, 0), Head.regression());
            ScorerCompiler.compile(one, signature, Answer.regression(), Background.of(signature, rows))
                    .score(rows, answers);
            for (int row = 0; row < answers.length; row++) {
                assertThat(answers[row]).isCloseTo(encoded[row * width + column], within(1e-5f));
            }
        }
        return encoded;
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("column %d", i).isCloseTo(expected[i], within(1e-5f));
        }
    }

    @Test
    void partsOfATimeAreThoseOfTheCalendar() throws OrtException {
        Random random = new Random(4);
        float[] times = new float[300];
        LocalDateTime[] expected = new LocalDateTime[times.length];
        for (int i = 0; i < times.length; i++) {
            // Whole hours from 1970 to 2149, and midnights of every kind of month.
            long hours = random.nextInt(1_570_000);
            long millis = (i % 3 == 0 ? hours / 24 * 24 : hours) * 3_600_000;
            times[i] = millis;
            expected[i] = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
        }
        for (DatePart part : DatePart.values()) {
            for (boolean isOneHot : new boolean[] {true, false}) {
                Preprocessing parts = new Preprocessing(List.of(new DateEncoding("at", part, 86_400_000f, isOneHot)));
                float[] encoded = run(parts, new Rows(times.length, times, new String[0]));
                for (int row = 0; row < times.length; row++) {
                    int index = index(expected[row], part);
                    int width = parts.encodedWidth();
                    float value = isOneHot ? encoded[row * width + index] : encoded[row] - index;
                    assertThat(value).as("%s of %s", part, expected[row]).isEqualTo(1);
                }
            }
        }
    }

    private static int index(LocalDateTime time, DatePart part) {
        return switch (part) {
            case HOUR -> time.getHour();
            case DAY_OF_WEEK -> time.getDayOfWeek().getValue() - 1;
            case DAY_OF_MONTH -> time.getDayOfMonth() - 1;
            case MONTH -> time.getMonthValue() - 1;
        };
    }

    @Test
    void aMissingTimeHasNoPart() throws OrtException {
        for (boolean isOneHot : new boolean[] {true, false}) {
            Preprocessing parts = new Preprocessing(List.of(new DateEncoding("at", DatePart.MONTH, 1, isOneHot)));
            assertThat(run(parts, new Rows(1, new float[] {NAN}, new String[0])))
                    .containsOnly(0);
        }
    }

    @Test
    void gapsOfASequenceAreClosedWithinTheRow() throws OrtException {
        float[] numbers = {NAN, 2, NAN, NAN, 8, NAN, 1, NAN, NAN, NAN, NAN, 3, NAN, NAN, NAN, NAN, NAN, NAN};
        Rows rows = new Rows(3, numbers, new String[0]);
        NumberEncoding raw = new NumberEncoding("weekly", -1, 0, 1);
        List<NumberEncoding> steps = FlatSequenceEncoding.of(raw, 6).steps();
        float[] linear =
                run(new Preprocessing(List.of(new FlatSequenceEncoding("weekly", steps, SequenceGaps.LINEAR))), rows);
        assertThat(linear).containsExactly(2, 2, 4, 6, 8, 8, 1, 1.4f, 1.8f, 2.2f, 2.6f, 3, -1, -1, -1, -1, -1, -1);
        float[] last =
                run(new Preprocessing(List.of(new FlatSequenceEncoding("weekly", steps, SequenceGaps.LAST))), rows);
        assertThat(last).containsExactly(-1, 2, 2, 2, 8, 8, 1, 1, 1, 1, 1, 3, -1, -1, -1, -1, -1, -1);
    }

    @Test
    void productsFollowAllColumns() throws OrtException {
        Preprocessing products = new Preprocessing(
                List.of(new NumberEncoding("a", 1, 0, 1), new TextEncoding("plan", List.of("x", "y"))),
                List.of(new ColumnProducts(3, List.of(0, 0), List.of(0, 2))));
        float[] encoded = run(products, new Rows(2, new float[] {3, NAN}, new String[] {"y", ""}));
        assertThat(encoded).containsExactly(3, 0, 1, 9, 3, 1, 0, 0, 1, 0);
        assertThat(products.encodedNames()).containsExactly("a", "plan=x", "plan=y", "a * a", "a * plan=y");
        assertThat(products.columnInputs()).containsExactly("a", "plan", "plan");
    }

    /** Two trees of depths by hand: a limit of 0.3 flags mean depths below 1.74. */
    @Test
    void rowsThatAreSoonAloneAreFlagged() throws OrtException {
        Tree first = new Tree(
                new int[] {0, -1, 1, -1, -1},
                new float[] {Math.nextUp(1f), 0, 5, 0, 0},
                new int[] {1, 0, 3, 0, 0},
                new int[] {2, 0, 4, 0, 0},
                new int[] {1, 0, 4, 0, 0},
                new float[] {0, 1, 0, 2, 4},
                new float[] {8, 1, 7, 3, 4});
        Tree second = new Tree(
                new int[] {1, -1, -1},
                new float[] {3, 0, 0},
                new int[] {1, 0, 0},
                new int[] {2, 0, 0},
                new int[] {2, 0, 0},
                new float[] {0, 1, 3},
                new float[] {8, 2, 6});
        ColumnIsolation step = new ColumnIsolation(2, List.of(first, second), 1, 0.1).flaggedAbove(0.3);
        Preprocessing isolated = new Preprocessing(
                List.of(new NumberEncoding("a", 2, 0, 1), new NumberEncoding("b", 9, 0, 1)), List.of(step));

        float[] encoded = run(isolated, new Rows(5, new float[] {1, 2, 2, 2, 2, 4, 1, 9, NAN, NAN}, new String[0]));

        double[] depths = {(1 + 1) / 2.0, (2 + 1) / 2.0, (2 + 3) / 2.0, (1 + 3) / 2.0, (4 + 3) / 2.0};
        for (int row = 0; row < depths.length; row++) {
            assertThat(encoded[4 * row + 2]).isCloseTo((float) Math.pow(2, -depths[row]), within(1e-6f));
            assertThat(encoded[4 * row + 3]).isEqualTo(depths[row] < 1.7 ? 1 : 0);
        }
        // A missing value goes where each node sends it: left at the first root, right below it and in the second tree.
        assertThat(step.score(new float[] {NAN, 9}, 0)).isCloseTo((float) Math.pow(2, -2), within(1e-6f));
        assertThat(step.score(new float[] {2, NAN}, 0)).isCloseTo((float) Math.pow(2, -3.5), within(1e-6f));
        assertThat(isolated.encodedNames()).containsExactly("a", "b", "isolation score", "is isolated");
        assertThatThrownBy(() -> new ColumnIsolation(1, List.of(first), 1, 0.5)).hasMessageContaining("feature");
        assertThatThrownBy(() -> new ColumnIsolation(2, List.of(first), 0, 0.5)).hasMessageContaining("above 0");
    }

    @Test
    void missingNumbersAreFilledFromOtherColumns() throws OrtException {
        Preprocessing completed = new Preprocessing(
                List.of(
                        new NumberEncoding("a", 10, 0, 1),
                        new MissingEncoding(io.foresell.model.InputField.number("a")),
                        new NumberEncoding("b", 0, 0, 1)),
                List.of(new ColumnCompletion(
                        3, List.of(0), List.of(2), List.of(1), new double[][] {{2}}, new double[] {-9})));
        float[] encoded = run(completed, new Rows(2, new float[] {4, 5, NAN, 5}, new String[0]));
        assertThat(encoded).containsExactly(4, 5, 0, 10 + 2 * 5 - 9, 5, 1);
    }

    @Test
    void aMissingTextMayHaveABucket() throws OrtException {
        Preprocessing buckets = new Preprocessing(List.of(
                new TextBucketEncoding("city", Map.of("", 1, "Lyon", 0, "Paris", 1, "Rome", 2, "Bonn", 2), 3, 2)));
        float[] encoded = run(buckets, new Rows(3, new float[0], new String[] {"", "Lyon", "Oslo"}));
        assertThat(encoded).containsExactly(0, 1, 0, 1, 0, 0, 0, 0, 1);
        assertThat(buckets.encodedNames()).containsExactly("city=Lyon", "city=Paris", "city bucket 2");
    }

    @Test
    void markedTextsOfTrainingRowsAreNeverWritten() throws OrtException {
        InputEncoding served = new TextNumberEncoding("city", Map.of("Lyon", 0.5f), 0.1f);
        InputEncoding fitted = new TextNumberEncoding("city", Map.of("Lyon", 0.5f, "Lyon\u00010", 0.2f), 0.1f);
        Preprocessing marked = new Preprocessing(List.of(served), List.of(fitted), List.of());
        assertThat(run(marked, new Rows(2, new float[0], new String[] {"Lyon", "Oslo"})))
                .containsExactly(0.5f, 0.1f);
        assertThat(marked.encode(new Rows(1, new float[0], new String[] {"Lyon\u00010"})))
                .containsExactly(0.2f);
        assertThatThrownBy(() -> new Preprocessing(
                        List.of(served), List.of(new TextEncoding("city", List.of("a", "b"))), List.of()))
                .hasMessageContaining("columns of the fitted encodings: 2");
    }
}
