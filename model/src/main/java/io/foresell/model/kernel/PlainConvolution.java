package io.foresell.model.kernel;

import java.util.Arrays;

/** Lays the inputs of each tap side by side for consecutive results, then sums them up weighted, four taps at a time. */
final class PlainConvolution implements Convolution {
    private final ConvolutionShape shape;
    private final float[] weights;
    private final float[] bias;
    private final boolean isRectified;

    PlainConvolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        this.shape = shape;
        this.weights = weights.clone();
        this.bias = bias.clone();
        this.isRectified = isRectified;
    }

    @Override
    public int scratchSize() {
        return shape.taps() * shape.positions();
    }

    @Override
    public void run(float[] memory, int from, int to, int scratch) {
        for (int group = 0; group < shape.groups(); group++) {
            gather(memory, from, group * shape.channelsPerGroup(), scratch);
            for (int start = 0; start < shape.positions(); start += PlainScratch.CHUNK) {
                convolve(memory, to, scratch, group * shape.filtersPerGroup(), start);
            }
        }
    }

    private void gather(float[] memory, int from, int firstChannel, int scratch) {
        int place = scratch;
        for (int channel = 0; channel < shape.channelsPerGroup(); channel++) {
            for (int y = 0; y < shape.height().kernel(); y++) {
                for (int x = 0; x < shape.width().kernel(); x++) {
                    shape.gather(memory, from, firstChannel + channel, y, x, memory, place);
                    place += shape.positions();
                }
            }
        }
    }

    private void convolve(float[] memory, int to, int scratch, int firstFilter, int start) {
        int taps = shape.taps();
        int size = Math.min(PlainScratch.CHUNK, shape.positions() - start);
        int padded = Math.min(PlainScratch.CHUNK, (size + 15) / 16 * 16);
        PlainScratch own = PlainScratch.ofThread();
        float[][] rows = own.rows(taps);
        for (int tap = 0; tap < taps; tap++) {
            System.arraycopy(memory, scratch + tap * shape.positions() + start, rows[tap], 0, size);
            // What stood there may be subnormal or NaN, and slow.
            Arrays.fill(rows[tap], size, padded, 0);
        }
        float[] sums = own.first;
        for (int filter = firstFilter; filter < firstFilter + shape.filtersPerGroup(); filter++) {
            Arrays.fill(sums, 0, padded, bias[filter]);
            sum(rows, filter * taps, taps, sums, padded);
            int out = to + filter * shape.positions() + start;
            for (int i = 0; i < size; i++) {
                memory[out + i] = isRectified ? Math.max(0, sums[i]) : sums[i];
            }
        }
    }

    private void sum(float[][] rows, int w, int taps, float[] sums, int size) {
        int tap = 0;
        for (; tap + 3 < taps; tap += 4) {
            PlainDense.addFour(
                    sums,
                    size,
                    weights[w + tap],
                    rows[tap],
                    weights[w + tap + 1],
                    rows[tap + 1],
                    weights[w + tap + 2],
                    rows[tap + 2],
                    weights[w + tap + 3],
                    rows[tap + 3]);
        }
        for (; tap < taps; tap++) {
            PlainDense.addOne(sums, size, weights[w + tap], rows[tap]);
        }
    }
}
