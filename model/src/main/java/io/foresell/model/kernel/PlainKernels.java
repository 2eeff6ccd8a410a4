package io.foresell.model.kernel;

import java.util.Arrays;

/**
 * Loops that the second compiler of JDK 17 turns into vector instructions: it does so only where a loop writes one array
 * and reads others, all at the loop's own index. Products are not fused with sums, since {@code Math.fma} is very slow on
 * machines without the instruction.
 */
final class PlainKernels implements Kernels {
    static final PlainKernels INSTANCE = new PlainKernels();

    private PlainKernels() {}

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Dense dense(float[] weights, float[] bias, boolean isRectified) {
        return new PlainDense(weights, bias, isRectified);
    }

    @Override
    public Convolution convolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        return new PlainConvolution(shape, weights, bias, isRectified);
    }

    @Override
    public void multiply(float[] memory, int a, int rows, int inner, int b, int columns, int to) {
        float[] sums = PlainScratch.ofThread().first;
        for (int start = 0; start < columns; start += PlainScratch.CHUNK) {
            int size = Math.min(PlainScratch.CHUNK, columns - start);
            for (int row = 0; row < rows; row++) {
                Arrays.fill(sums, 0, size, 0);
                for (int i = 0; i < inner; i++) {
                    float x = memory[a + row * inner + i];
                    int from = b + i * columns + start;
                    for (int o = 0; o < size; o++) {
                        sums[o] += x * memory[from + o];
                    }
                }
                System.arraycopy(sums, 0, memory, to + row * columns + start, size);
            }
        }
    }

    @Override
    public float max(float[] x, int from, int count) {
        return Functions.max(x, from, count);
    }

    @Override
    public void exp(float[] x, int from, int count, float[] y, int to) {
        for (int i = 0; i < count; i++) {
            y[to + i] = (float) Math.exp(x[from + i]);
        }
    }

    @Override
    public void sigmoid(float[] x, int from, int count, float[] y, int to) {
        for (int i = 0; i < count; i++) {
            y[to + i] = Functions.sigmoid(x[from + i]);
        }
    }

    @Override
    public void tanh(float[] x, int from, int count, float[] y, int to) {
        PlainScratch scratch = PlainScratch.ofThread();
        float[] in = scratch.first;
        float[] out = scratch.second;
        for (int start = 0; start < count; start += PlainScratch.CHUNK) {
            int size = Math.min(PlainScratch.CHUNK, count - start);
            System.arraycopy(x, from + start, in, 0, size);
            tanh(in, out, size);
            System.arraycopy(out, 0, y, to + start, size);
        }
    }

    @Override
    public void erf(float[] x, int from, int count, float[] y, int to) {
        for (int i = 0; i < count; i++) {
            y[to + i] = Functions.erf(x[from + i]);
        }
    }

    @Override
    public void lstmCell(float[] memory, int gates, int cell, int hidden, int units) {
        PlainScratch scratch = PlainScratch.ofThread();
        float[] in = scratch.first;
        float[] out = scratch.second;
        for (int start = 0; start < units; start += UNIT_BLOCK) {
            for (int u = 0; u < UNIT_BLOCK; u++) {
                int at = gates + start + u;
                in[u] = memory[at];
                in[UNIT_BLOCK + u] = memory[at + units];
                in[2 * UNIT_BLOCK + u] = memory[at + 2 * units];
                in[3 * UNIT_BLOCK + u] = memory[at + 3 * units];
            }
            tanh(in, out, 4 * UNIT_BLOCK);
            for (int u = 0; u < UNIT_BLOCK; u++) {
                float kept = (0.5f + 0.5f * out[2 * UNIT_BLOCK + u]) * memory[cell + start + u];
                in[u] = kept + (0.5f + 0.5f * out[u]) * out[3 * UNIT_BLOCK + u];
                memory[cell + start + u] = in[u];
                in[UNIT_BLOCK + u] = 0.5f + 0.5f * out[UNIT_BLOCK + u];
            }
            tanh(in, out, UNIT_BLOCK);
            for (int u = 0; u < UNIT_BLOCK; u++) {
                memory[hidden + start + u] = in[UNIT_BLOCK + u] * out[u];
            }
        }
    }

    /** Two loops, because one with the limits inside does not become vectors. Overwrites x with its limited self. */
    private static void tanh(float[] x, float[] y, int count) {
        for (int i = 0; i < count; i++) {
            y[i] = Math.max(-Functions.TANH_LIMIT, Math.min(Functions.TANH_LIMIT, x[i]));
        }
        for (int i = 0; i < count; i++) {
            float v = y[i];
            float u = v * v;
            float p =
                    ((((Functions.TANH_P5 * u + Functions.TANH_P4) * u + Functions.TANH_P3) * u + Functions.TANH_P2) * u
                                            + Functions.TANH_P1)
                                    * u
                            + Functions.TANH_P0;
            float q =
                    (((Functions.TANH_Q4 * u + Functions.TANH_Q3) * u + Functions.TANH_Q2) * u + Functions.TANH_Q1) * u
                            + 1;
            y[i] = v * p / q;
        }
    }
}
