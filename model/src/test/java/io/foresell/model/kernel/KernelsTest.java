package io.foresell.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.kernel.ConvolutionShape.Axis;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every variant computes what sums in 64 bits say, writes nothing but its result and the overrun, for every shape. */
class KernelsTest {
    private static final float RUBBISH = Float.NaN;

    static List<Kernels> variants() throws ReflectiveOperationException {
        // Surefire starts this JVM with the module, so that its absence is a failure, not a skipped test.
        return List.of(Kernels.plain(), KernelChoice.vector());
    }

    private final Random random = new Random(11);

    private float[] numbers(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] memory(int size) {
        float[] memory = new float[size];
        Arrays.fill(memory, RUBBISH);
        return memory;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void multipliesRowsOfEveryWidth(Kernels kernels) {
        for (int trial = 0; trial < 200; trial++) {
            int in = 1 + random.nextInt(trial % 7 == 0 ? 300 : 40);
            int out = 1 + random.nextInt(trial % 5 == 0 ? 600 : 140);
            int rows = 1 + random.nextInt(11);
            boolean isRectified = random.nextBoolean();
            float[] weights = numbers(in * out);
            float[] bias = numbers(out);
            Dense dense = kernels.dense(weights, bias, isRectified);
            float[] memory = memory(5 + rows * (in + out) + Kernels.OVERRUN);
            System.arraycopy(numbers(rows * in), 0, memory, 5, rows * in);
            float[] before = memory.clone();
            int to = 5 + rows * in;
            dense.runRows(memory, 5, rows, memory, to);
            assertThat(Arrays.copyOf(memory, to)).isEqualTo(Arrays.copyOf(before, to));
            for (int row = 0; row < rows; row++) {
                for (int o = 0; o < out; o++) {
                    double sum = bias[o];
                    double size = Math.abs(sum);
                    for (int i = 0; i < in; i++) {
                        double product = (double) memory[5 + row * in + i] * weights[i * out + o];
                        sum += product;
                        size += Math.abs(product);
                    }
                    double expected = isRectified ? Math.max(0, sum) : sum;
                    assertThat((double) memory[to + row * out + o])
                            .as("%d x %d, row %d of %d, output %d", in, out, row, rows, o)
                            .isCloseTo(expected, within(1e-6 * size));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void givesEachRowTheSameBitsAloneAndInBlocks(Kernels kernels) {
        for (int trial = 0; trial < 150; trial++) {
            int in = 1 + random.nextInt(70);
            int out = 1 + random.nextInt(150);
            Dense dense = kernels.dense(numbers(in * out), numbers(out), random.nextBoolean());
            int rows = 1 + random.nextInt(9);
            float[][] memories = new float[rows][];
            float[] together = memory(rows * (in + out) + Kernels.OVERRUN);
            for (int row = 0; row < rows; row++) {
                memories[row] = memory(in + out + Kernels.OVERRUN);
                System.arraycopy(numbers(in), 0, memories[row], 0, in);
                System.arraycopy(memories[row], 0, together, row * in, in);
            }
            dense.runBlock(memories, rows, 0, in);
            dense.runRows(together, 0, rows, together, rows * in);
            for (int row = 0; row < rows; row++) {
                float[] alone = memory(in + out + Kernels.OVERRUN);
                System.arraycopy(memories[row], 0, alone, 0, in);
                dense.run(alone, 0, alone, in);
                float[] expected = Arrays.copyOfRange(alone, in, in + out);
                assertThat(Arrays.copyOfRange(memories[row], in, in + out)).isEqualTo(expected);
                int at = rows * in + row * out;
                assertThat(Arrays.copyOfRange(together, at, at + out)).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void addsToWhatIsThere(Kernels kernels) {
        Dense dense = kernels.dense(new float[] {1, 2, 3, 4, 5, 6}, new float[] {100, 100, 100}, true);
        float[] memory = new float[5 + Kernels.OVERRUN];
        memory[0] = 1;
        memory[1] = -1;
        memory[2] = 0.5f;
        dense.addTo(memory, 0, memory, 2);
        assertThat(Arrays.copyOfRange(memory, 2, 5)).containsExactly(-2.5f, -3, -3);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void convolvesEveryShape(Kernels kernels) {
        for (int trial = 0; trial < 200; trial++) {
            int groups = 1 + random.nextInt(3);
            boolean isSequence = random.nextBoolean();
            ConvolutionShape shape = new ConvolutionShape(
                    groups * (1 + random.nextInt(4)),
                    groups * (1 + random.nextInt(9)),
                    groups,
                    isSequence ? Axis.none() : axis(12),
                    axis(isSequence ? 90 : 12));
            check(kernels, shape, random.nextBoolean());
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void givesEachImageTheSameBitsAloneAndInBlocks(Kernels kernels) {
        for (int trial = 0; trial < 100; trial++) {
            int groups = 1 + random.nextInt(2);
            ConvolutionShape shape = new ConvolutionShape(
                    groups * (1 + random.nextInt(4)),
                    groups * (1 + random.nextInt(9)),
                    groups,
                    random.nextBoolean() ? Axis.none() : axis(12),
                    axis(random.nextBoolean() ? 40 : 400));
            float[] weights = numbers(shape.filters() * shape.taps());
            Convolution convolution =
                    kernels.convolution(shape, weights, numbers(shape.filters()), random.nextBoolean());
            int to = shape.channels() * shape.height().length() * shape.width().length();
            int scratch = to + shape.filters() * shape.positions() + Kernels.OVERRUN;
            float[][] memories = new float[1 + random.nextInt(9)][];
            float[][] alone = new float[memories.length][];
            for (int row = 0; row < memories.length; row++) {
                memories[row] = memory(scratch + convolution.scratchSize() + Kernels.OVERRUN);
                System.arraycopy(numbers(to), 0, memories[row], 0, to);
                alone[row] = memories[row].clone();
                convolution.run(alone[row], 0, to, scratch);
            }
            convolution.runBlock(memories, memories.length, 0, to, scratch);
            int end = to + shape.filters() * shape.positions();
            for (int row = 0; row < memories.length; row++) {
                assertThat(Arrays.copyOf(memories[row], end)).as("%s", shape).isEqualTo(Arrays.copyOf(alone[row], end));
            }
        }
    }

    private Axis axis(int longest) {
        int kernel = 1 + random.nextInt(4);
        int dilation = 1 + random.nextInt(2);
        int window = (kernel - 1) * dilation + 1;
        int length = window + random.nextInt(longest);
        return new Axis(
                length,
                kernel,
                1 + random.nextInt(3) / 2 * random.nextInt(3),
                dilation,
                random.nextInt(window),
                random.nextInt(window));
    }

    private void check(Kernels kernels, ConvolutionShape shape, boolean isRectified) {
        float[] weights = numbers(shape.filters() * shape.taps());
        float[] bias = numbers(shape.filters());
        Convolution convolution = kernels.convolution(shape, weights, bias, isRectified);
        int imageSize =
                shape.channels() * shape.height().length() * shape.width().length();
        int resultSize = shape.filters() * shape.positions();
        int to = 3 + imageSize;
        int scratch = to + resultSize + Kernels.OVERRUN;
        float[] memory = memory(scratch + convolution.scratchSize() + Kernels.OVERRUN);
        System.arraycopy(numbers(imageSize), 0, memory, 3, imageSize);
        float[] before = memory.clone();
        convolution.run(memory, 3, to, scratch);
        assertThat(Arrays.copyOf(memory, to)).isEqualTo(Arrays.copyOf(before, to));
        for (int i = 0; i < resultSize; i++) {
            double expected = naive(shape, weights, bias, memory, i);
            assertThat((double) memory[to + i])
                    .as("%s position %d", shape, i)
                    .isCloseTo(isRectified ? Math.max(0, expected) : expected, within(2e-5));
        }
    }

    private static double naive(ConvolutionShape shape, float[] weights, float[] bias, float[] memory, int position) {
        Axis height = shape.height();
        Axis width = shape.width();
        int filter = position / shape.positions();
        int y = position % shape.positions() / width.output();
        int x = position % width.output();
        int perGroup = shape.channels() / shape.groups();
        int firstChannel = filter / (shape.filters() / shape.groups()) * perGroup;
        double sum = bias[filter];
        int weight = filter * shape.taps();
        for (int channel = firstChannel; channel < firstChannel + perGroup; channel++) {
            for (int i = 0; i < height.kernel(); i++) {
                for (int j = 0; j < width.kernel(); j++, weight++) {
                    int line = y * height.stride() + i * height.dilation() - height.padding();
                    int column = x * width.stride() + j * width.dilation() - width.padding();
                    if (line >= 0 && line < height.length() && column >= 0 && column < width.length()) {
                        sum += (double) weights[weight]
                                * memory[3 + (channel * height.length() + line) * width.length() + column];
                    }
                }
            }
        }
        return sum;
    }

    @FunctionalInterface
    private interface Range {
        void apply(float[] x, int from, int count, float[] y, int to);
    }

    private static void check(String name, Range range, DoubleUnaryOperator exact, double tolerance) {
        for (float scale : new float[] {1e-6f, 1e-3f, 0.1f, 1, 3, 10, 30, 85}) {
            float[] x = new float[1001];
            for (int i = 0; i < x.length; i++) {
                x[i] = scale * (i - 500) / 500;
            }
            float[] y = new float[x.length + 2];
            range.apply(x, 0, x.length, y, 1);
            for (int i = 0; i < x.length; i++) {
                double expected = exact.applyAsDouble(x[i]);
                assertThat((double) y[i + 1])
                        .as("%s(%s)", name, x[i])
                        .isCloseTo(expected, within(tolerance * Math.abs(expected)));
            }
            assertThat(y[0]).isZero();
            assertThat(y[y.length - 1]).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void computesElementFunctionsToFullPrecision(Kernels kernels) {
        check("exp", kernels::exp, Math::exp, 2e-7);
        check("sigmoid", kernels::sigmoid, x -> 1 / (1 + Math.exp(-x)), 3e-7);
        check("tanh", kernels::tanh, Math::tanh, 5e-7);
        check("erf", kernels::erf, KernelsTest::erf, 5e-7);
    }

    /** The Maclaurin series where it converges fast, else the continued fraction of erfc (Abramowitz, Stegun 7.1). */
    private static double erf(double x) {
        if (Math.abs(x) > 3) {
            double fraction = 0;
            for (int k = 60; k > 0; k--) {
                fraction = k / 2.0 / (Math.abs(x) + fraction);
            }
            return Math.signum(x) * (1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (Math.abs(x) + fraction));
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 100; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void findsTheLargest(Kernels kernels) {
        for (int count = 1; count < 80; count++) {
            float[] x = numbers(count + 4);
            x[0] = x[1] = x[count + 2] = x[count + 3] = 100;
            int largest = 2 + random.nextInt(count);
            x[largest] = 9;
            assertThat(kernels.max(x, 2, count)).isEqualTo(9);
            x[2 + random.nextInt(count)] = Float.NaN;
            assertThat(kernels.max(x, 2, count)).isNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void isExactAtTheEnds(Kernels kernels) {
        float[] x = new float[32];
        Arrays.fill(x, Float.NaN);
        x[0] = x[20] = Float.POSITIVE_INFINITY;
        x[1] = x[21] = Float.NEGATIVE_INFINITY;
        x[2] = x[22] = 3e38f;
        x[3] = x[23] = -3e38f;
        x[4] = x[24] = 0;
        for (int first : new int[] {0, 20}) {
            float[] y = new float[32];
            kernels.exp(x, 0, 32, y, 0);
            assertThat(Arrays.copyOfRange(y, first, first + 6))
                    .containsExactly(Float.POSITIVE_INFINITY, 0, Float.POSITIVE_INFINITY, 0, 1, Float.NaN);
            kernels.sigmoid(x, 0, 32, y, 0);
            assertThat(Arrays.copyOfRange(y, first, first + 6)).containsExactly(1, 0, 1, 0, 0.5f, Float.NaN);
            kernels.tanh(x, 0, 32, y, 0);
            assertThat(Arrays.copyOfRange(y, first, first + 6)).containsExactly(1, -1, 1, -1, 0, Float.NaN);
            kernels.erf(x, 0, 32, y, 0);
            assertThat(Arrays.copyOfRange(y, first, first + 6)).containsExactly(1, -1, 1, -1, 0, Float.NaN);
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void advancesLstm(Kernels kernels) {
        for (int trial = 0; trial < 50; trial++) {
            int units = Kernels.UNIT_BLOCK * (1 + random.nextInt(4));
            float[] memory = new float[8 * units];
            System.arraycopy(numbers(6 * units), 0, memory, 0, 6 * units);
            float[] before = memory.clone();
            kernels.lstmCell(memory, 0, 4 * units, 6 * units, units);
            for (int u = 0; u < units; u++) {
                double cell = sigmoid(2 * before[2 * units + u]) * before[4 * units + u]
                        + sigmoid(2 * before[u]) * Math.tanh(before[3 * units + u]);
                assertThat((double) memory[4 * units + u]).isCloseTo(cell, within(2e-6));
                assertThat((double) memory[6 * units + u])
                        .isCloseTo(sigmoid(2 * before[units + u]) * Math.tanh(cell), within(2e-6));
            }
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
