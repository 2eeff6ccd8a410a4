package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Compares a graph of a few nodes, compiled, with ONNX Runtime on random rows. */
final class OperatorJudge {
    private OperatorJudge() {}

    /** Returns an answer that is the whole output of so many floats a row. */
    static Answer whole(String output, int width) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            labels.add("y" + i);
        }
        return new Answer(Task.RANKING, output, 0, labels);
    }

    static Scorer compile(NodeGraph graph, String output, int width) {
        return ScorerCompiler.compile(
                graph.output(output), graph.signature(), whole(output, width), Background.missing(graph.signature()));
    }

    static void assertEqual(String name, NodeGraph graph, String output, int width, Rows rows) throws OrtException {
        assertEqual(name, graph, output, width, rows, 1e-5);
    }

    /** Checks every float of every row, NaN equal to NaN, to {@code tolerance} of the greater of 1 and itself. */
    static void assertEqual(String name, NodeGraph graph, String output, int width, Rows rows, double tolerance)
            throws OrtException {
        byte[] onnx = graph.output(output);
        Signature signature = graph.signature();
        Scorer scorer = ScorerCompiler.compile(onnx, signature, whole(output, width), Background.missing(signature));
        float[] actual = new float[rows.rowCount() * width];
        scorer.score(rows, actual);
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            float[] expected = judge.answers(rows, output);
            assertThat(expected.length).as(name).isEqualTo(actual.length);
            for (int i = 0; i < actual.length; i++) {
                String place = "%s row %d column %d".formatted(name, i / width, i % width);
                if (Float.isNaN(expected[i]) || Float.isInfinite(expected[i])) {
                    assertThat(Float.valueOf(actual[i])).as(place).isEqualTo(Float.valueOf(expected[i]));
                } else {
                    assertThat((double) actual[i])
                            .as(place)
                            .isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
                }
            }
        }
    }

    static void assertRefused(NodeGraph graph, String output, int width, String message) {
        PackageException refusal = catchThrowableOfType(PackageException.class, () -> compile(graph, output, width));
        assertThat(refusal).as(message).isNotNull();
        assertThat(refusal).hasMessageContaining(message);
    }

    static void assertUnsupported(NodeGraph graph, String output, int width, String message) {
        UnsupportedOperatorException refusal =
                catchThrowableOfType(UnsupportedOperatorException.class, () -> compile(graph, output, width));
        assertThat(refusal).as(message).isNotNull();
        assertThat(refusal).hasMessageContaining(message);
    }

    static Rows numbers(Random random, int rowCount, int columns, float scale) {
        float[] numbers = new float[rowCount * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(8) == 0 ? 0 : (float) random.nextGaussian() * scale;
        }
        return new Rows(rowCount, numbers, new String[0]);
    }

    static float[] random(Random random, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static long[] range(int length) {
        long[] values = new long[length];
        for (int i = 0; i < length; i++) {
            values[i] = i;
        }
        return values;
    }
}
