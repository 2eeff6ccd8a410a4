package io.foresell.model.kernel;

import java.util.Arrays;

/** Sums up whole rows of weights, eight inputs at a time, in an array of its own. */
final class PlainDense implements Dense {
    private static final int FEW = 4;

    private final int inputs;
    private final int outputs;
    private final boolean isRectified;
    private final float[] bias;
    // Few outputs: one array per output. Many: blocks of outputs, one array per input and block.
    private final float[][][] blocks;

    PlainDense(float[] weights, float[] bias, boolean isRectified) {
        this.outputs = bias.length;
        this.inputs = outputs == 0 ? 0 : weights.length / outputs;
        this.bias = bias.clone();
        this.isRectified = isRectified;
        int blockCount = outputs <= FEW ? 1 : (outputs + PlainScratch.CHUNK - 1) / PlainScratch.CHUNK;
        blocks = new float[blockCount][][];
        for (int block = 0; block < blockCount; block++) {
            blocks[block] = outputs <= FEW ? columns(weights) : block(weights, block * PlainScratch.CHUNK);
        }
    }

    private float[][] columns(float[] weights) {
        float[][] columns = new float[outputs][inputs];
        for (int i = 0; i < weights.length; i++) {
            columns[i % outputs][i / outputs] = weights[i];
        }
        return columns;
    }

    private float[][] block(float[] weights, int first) {
        int size = Math.min(PlainScratch.CHUNK, outputs - first);
        float[][] rows = new float[inputs][];
        for (int i = 0; i < inputs; i++) {
            // Whole vectors, so that no result is computed one by one.
            rows[i] = Arrays.copyOfRange(weights, i * outputs + first, i * outputs + first + padded(size));
            Arrays.fill(rows[i], size, rows[i].length, 0);
        }
        return rows;
    }

    private static int padded(int size) {
        return Math.min(PlainScratch.CHUNK, (size + 15) / 16 * 16);
    }

    @Override
    public int inputs() {
        return inputs;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public void run(float[] x, int from, float[] y, int to) {
        run(x, from, bias, 0, y, to, isRectified);
    }

    @Override
    public void addTo(float[] x, int from, float[] y, int to) {
        run(x, from, y, to, y, to, false);
    }

    @Override
    public void runRows(float[] x, int from, int rowCount, float[] y, int to) {
        for (int row = 0; row < rowCount; row++) {
            run(x, from + row * inputs, y, to + row * outputs);
        }
    }

    @Override
    public void runBlock(float[][] memories, int rowCount, int from, int to) {
        for (int row = 0; row < rowCount; row++) {
            run(memories[row], from, memories[row], to);
        }
    }

    private void run(float[] x, int from, float[] start, int startAt, float[] y, int to, boolean rectifies) {
        if (outputs <= FEW) {
            for (int o = 0; o < outputs; o++) {
                float sum = dot(x, from, blocks[0][o]) + start[startAt + o];
                y[to + o] = rectifies ? Math.max(0, sum) : sum;
            }
            return;
        }
        float[] sums = PlainScratch.ofThread().first;
        for (int block = 0; block < blocks.length; block++) {
            int first = block * PlainScratch.CHUNK;
            int size = Math.min(PlainScratch.CHUNK, outputs - first);
            System.arraycopy(start, startAt + first, sums, 0, size);
            addAll(sums, padded(size), x, from, blocks[block], inputs, true);
            write(sums, size, y, to + first, rectifies);
        }
    }

    private static void write(float[] sums, int size, float[] y, int to, boolean rectifies) {
        if (rectifies) {
            rectify(sums, padded(size));
        }
        System.arraycopy(sums, 0, y, to, size);
    }

    static void rectify(float[] sums, int size) {
        for (int o = 0; o < size; o++) {
            sums[o] = Math.max(0, sums[o]);
        }
    }

    /**
     * Adds rows, each times one of the factors.
     *
     * @param skipsZeros whether rows with a factor of 0 may be left out: constant ones, which are finite
     */
    static void addAll(float[] sums, int size, float[] x, int from, float[][] rows, int count, boolean skipsZeros) {
        int i = 0;
        for (; i + 7 < count; i += 8) {
            if (!skipsZeros || isAnyFour(x, from + i) || isAnyFour(x, from + i + 4)) {
                addEight(sums, size, x, from + i, rows, i);
            }
        }
        if (i + 3 < count) {
            if (!skipsZeros || isAnyFour(x, from + i)) {
                addFour(
                        sums,
                        size,
                        x[from + i],
                        rows[i],
                        x[from + i + 1],
                        rows[i + 1],
                        x[from + i + 2],
                        rows[i + 2],
                        x[from + i + 3],
                        rows[i + 3]);
            }
            i += 4;
        }
        for (; i < count; i++) {
            addOne(sums, size, x[from + i], rows[i]);
        }
    }

    /** One-hot columns and rectified values are mostly zero. NaN is not. */
    private static boolean isAnyFour(float[] x, int i) {
        return x[i] != 0 || x[i + 1] != 0 || x[i + 2] != 0 || x[i + 3] != 0;
    }

    private static void addEight(float[] sums, int size, float[] x, int from, float[][] rows, int i) {
        float x0 = x[from];
        float x1 = x[from + 1];
        float x2 = x[from + 2];
        float x3 = x[from + 3];
        float x4 = x[from + 4];
        float x5 = x[from + 5];
        float x6 = x[from + 6];
        float x7 = x[from + 7];
        float[] w0 = rows[i];
        float[] w1 = rows[i + 1];
        float[] w2 = rows[i + 2];
        float[] w3 = rows[i + 3];
        float[] w4 = rows[i + 4];
        float[] w5 = rows[i + 5];
        float[] w6 = rows[i + 6];
        float[] w7 = rows[i + 7];
        for (int o = 0; o < size; o++) {
            sums[o] += ((x0 * w0[o] + x1 * w1[o]) + (x2 * w2[o] + x3 * w3[o]))
                    + ((x4 * w4[o] + x5 * w5[o]) + (x6 * w6[o] + x7 * w7[o]));
        }
    }

    private static void addFour(
            float[] sums,
            int size,
            float x0,
            float[] w0,
            float x1,
            float[] w1,
            float x2,
            float[] w2,
            float x3,
            float[] w3) {
        for (int o = 0; o < size; o++) {
            sums[o] += (x0 * w0[o] + x1 * w1[o]) + (x2 * w2[o] + x3 * w3[o]);
        }
    }

    private static void addOne(float[] sums, int size, float x, float[] w) {
        for (int o = 0; o < size; o++) {
            sums[o] += x * w[o];
        }
    }

    private static float dot(float[] x, int from, float[] w) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = 0;
        for (; i + 3 < w.length; i += 4) {
            a += x[from + i] * w[i];
            b += x[from + i + 1] * w[i + 1];
            c += x[from + i + 2] * w[i + 2];
            d += x[from + i + 3] * w[i + 3];
        }
        for (; i < w.length; i++) {
            a += x[from + i] * w[i];
        }
        return (a + b) + (c + d);
    }
}
