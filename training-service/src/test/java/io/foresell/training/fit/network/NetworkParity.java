package io.foresell.training.fit.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceEncoding;
import io.foresell.model.graph.network.Network;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import io.foresell.training.fit.OnnxRuntimeJudge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Asserts that DL4J, ONNX Runtime and the compiled scorer answer alike: a thousand rows at once, and one alone. */
final class NetworkParity {
    static final double TOLERANCE = 1e-5;
    static final double RECURRENT_TOLERANCE = 1e-4;
    private static final int ROW_COUNT = 1000;

    private NetworkParity() {}

    /** Rows of numbers as they are: no scaling, so that what is compared is the network. */
    static Preprocessing columns(int count) {
        return new Preprocessing(IntStream.range(0, count)
                .<InputEncoding>mapToObj(i -> new NumberEncoding("x" + i, 0, 0, 1))
                .toList());
    }

    static Preprocessing sequences(int channels, int length) {
        return new Preprocessing(IntStream.range(0, channels)
                .<InputEncoding>mapToObj(i -> new SequenceEncoding("s" + i, length, 0, 0, 1))
                .toList());
    }

    /** Returns numbers around 0, among them a row of zeros and rows of large ones. */
    static float[] numbers(int width, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[ROW_COUNT * width];
        for (int row = 1; row < ROW_COUNT; row++) {
            double scale = row % 50 == 0 ? 30 : row % 7 == 0 ? 4 : 1;
            for (int i = 0; i < width; i++) {
                numbers[row * width + i] = (float) (scale * random.nextGaussian());
            }
        }
        return numbers;
    }

    /** Returns whole numbers in [0, end). */
    static float[] indices(int width, int end, long seed) {
        Random random = new Random(seed);
        float[] numbers = new float[ROW_COUNT * width];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(end);
        }
        return numbers;
    }

    /** Checks a network of one input, whose rows have the given shape for DL4J. */
    static void check(
            String name,
            MultiLayerNetwork network,
            Preprocessing preprocessing,
            float[] numbers,
            Task task,
            double tolerance,
            long... shape)
            throws Exception {
        NetworkBuilder builder = new NetworkBuilder(preprocessing);
        Network read = new NetworkReader(builder, task)
                .read(network, preprocessing.channels() > 0 ? builder.sequences() : builder.columns());
        long[] batch = new long[shape.length + 1];
        batch[0] = ROW_COUNT;
        System.arraycopy(shape, 0, batch, 1, shape.length);
        INDArray output = network.output(Nd4j.create(numbers.clone(), batch, 'c'));
        float[] all = output.dup('c').data().asFloat();
        check(name, read, task, new Rows(ROW_COUNT, numbers, new String[0]), all, tolerance);
    }

    static void check(String name, Network network, Task task, Rows rows, float[] output, double tolerance)
            throws Exception {
        Signature signature = network.signature();
        int width = output.length / rows.rowCount();
        float[] expected = task == Task.BINARY && width == 2 ? seconds(output) : output;
        byte[] onnx = network.onnx(head(task));
        assertClose(name + " in ONNX Runtime", OnnxRuntimeJudge.score(onnx, signature, rows), expected, tolerance);
        Rows first = new Rows(
                1,
                Arrays.copyOf(rows.numbers(), signature.numberWidth()),
                Arrays.copyOf(rows.texts(), signature.textWidth()));
        float[] alone = Arrays.copyOf(expected, network.width());
        assertClose(
                name + " one row in ONNX Runtime", OnnxRuntimeJudge.score(onnx, signature, first), alone, tolerance);
        Scorer scorer;
        try {
            scorer = ScorerCompiler.compile(
                    onnx, signature, answer(task, network.width()), Background.missing(signature));
        } catch (UnsupportedOperatorException e) {
            // Left to ONNX Runtime, which has just answered; anything else must compile.
            assertThat(e.getMessage()).as(name).containsAnyOf("GlobalLpPool", "LSTM: peepholes", "LSTM: activations");
            return;
        }
        float[] actual = new float[expected.length];
        scorer.score(rows, actual);
        assertClose(name + " compiled", actual, expected, tolerance);
        float[] single = new float[alone.length];
        scorer.score(first, single);
        assertClose(name + " one row compiled", single, alone, tolerance);
    }

    private static Head head(Task task) {
        return switch (task) {
            case BINARY -> Head.binary(Calibration.NONE);
            case MULTICLASS -> Head.multiclass(List.of());
            default -> Head.regression();
        };
    }

    private static Answer answer(Task task, int width) {
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            labels.add("class" + i);
        }
        return switch (task) {
            case BINARY -> Answer.binary();
            case MULTICLASS -> Answer.multiclass(labels);
            default -> Answer.regression();
        };
    }

    private static float[] seconds(float[] pairs) {
        float[] seconds = new float[pairs.length / 2];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = pairs[2 * i + 1];
        }
        return seconds;
    }

    /** Values above 1 are compared by their relative difference. */
    private static void assertClose(String name, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(name).hasSameSizeAs(expected);
        double greatest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
            // NaN counts as the greatest difference.
            greatest = difference <= greatest ? greatest : difference;
        }
        assertThat(greatest).as(name).isLessThanOrEqualTo(tolerance);
    }
}
