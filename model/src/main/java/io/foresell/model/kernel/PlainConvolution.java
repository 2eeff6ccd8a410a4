package io.foresell.model.kernel;

import java.util.Arrays;

/**
 * Lays the inputs of each tap side by side for consecutive results, then sums them up weighted, eight taps at a time.
 * Short images of several rows share a pass: compiled loops compute up to a vector of results one by one, at both ends,
 * which a long loop hardly feels.
 */
final class PlainConvolution implements Convolution {
    private final ConvolutionShape shape;
    private final float[] weights;
    private final float[] bias;
    private final boolean isRectified;
    // Images that one pass takes; 0 where one image takes several passes.
    private final int imagesPerPass;

    PlainConvolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        this.shape = shape;
        this.weights = weights.clone();
        this.bias = bias.clone();
        this.isRectified = isRectified;
        this.imagesPerPass = PlainScratch.CHUNK / Math.max(1, shape.positions());
    }

    @Override
    public int scratchSize() {
        return imagesPerPass > 0 ? 0 : shape.taps() * shape.positions();
    }

    @Override
    public boolean gainsInBlocks() {
        return imagesPerPass > 1;
    }

    @Override
    public void run(float[] memory, int from, int to, int scratch) {
        if (imagesPerPass == 0) {
            runLong(memory, from, to, scratch);
            return;
        }
        float[][] lines = PlainScratch.ofThread().rows(shape.taps());
        for (int group = 0; group < shape.groups(); group++) {
            gather(memory, from, group, lines, 0);
            float[] sums = start(lines, shape.positions());
            for (int filter = firstFilter(group); filter < firstFilter(group + 1); filter++) {
                sum(lines, filter, sums, shape.positions());
                System.arraycopy(sums, 0, memory, to + filter * shape.positions(), shape.positions());
            }
        }
    }

    @Override
    public void runBlock(float[][] memories, int rowCount, int from, int to, int scratch) {
        if (!gainsInBlocks()) {
            Convolution.super.runBlock(memories, rowCount, from, to, scratch);
            return;
        }
        for (int first = 0; first < rowCount; first += imagesPerPass) {
            int end = Math.min(rowCount, first + imagesPerPass);
            for (int group = 0; group < shape.groups(); group++) {
                pass(memories, first, end, from, to, group);
            }
        }
    }

    private void pass(float[][] memories, int first, int end, int from, int to, int group) {
        int positions = shape.positions();
        float[][] lines = PlainScratch.ofThread().rows(shape.taps());
        for (int row = first; row < end; row++) {
            gather(memories[row], from, group, lines, (row - first) * positions);
        }
        int size = (end - first) * positions;
        float[] sums = start(lines, size);
        for (int filter = firstFilter(group); filter < firstFilter(group + 1); filter++) {
            sum(lines, filter, sums, size);
            for (int row = first; row < end; row++) {
                System.arraycopy(sums, (row - first) * positions, memories[row], to + filter * positions, positions);
            }
        }
    }

    private int firstFilter(int group) {
        return group * shape.filtersPerGroup();
    }

    private void gather(float[] memory, int from, int group, float[][] lines, int at) {
        int first = group * shape.channelsPerGroup();
        int tap = 0;
        for (int channel = first; channel < first + shape.channelsPerGroup(); channel++) {
            for (int y = 0; y < shape.height().kernel(); y++) {
                for (int x = 0; x < shape.width().kernel(); x++, tap++) {
                    shape.gather(memory, from, channel, y, x, lines[tap], at);
                }
            }
        }
    }

    private void runLong(float[] memory, int from, int to, int scratch) {
        float[][] lines = PlainScratch.ofThread().rows(shape.taps());
        for (int group = 0; group < shape.groups(); group++) {
            gatherLong(memory, from, group * shape.channelsPerGroup(), scratch);
            for (int at = 0; at < shape.positions(); at += PlainScratch.CHUNK) {
                int size = Math.min(PlainScratch.CHUNK, shape.positions() - at);
                for (int tap = 0; tap < shape.taps(); tap++) {
                    System.arraycopy(memory, scratch + tap * shape.positions() + at, lines[tap], 0, size);
                }
                float[] sums = start(lines, size);
                for (int filter = firstFilter(group); filter < firstFilter(group + 1); filter++) {
                    sum(lines, filter, sums, size);
                    System.arraycopy(sums, 0, memory, to + filter * shape.positions() + at, size);
                }
            }
        }
    }

    private void gatherLong(float[] memory, int from, int firstChannel, int scratch) {
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

    /** Returns room for sums of so many results, and clears what whole vectors read behind the inputs. */
    private float[] start(float[][] lines, int size) {
        for (int tap = 0; tap < shape.taps(); tap++) {
            // What stood there may be subnormal or NaN, and slow.
            Arrays.fill(lines[tap], size, padded(size), 0);
        }
        return PlainScratch.ofThread().first;
    }

    private static int padded(int size) {
        return Math.min(PlainScratch.CHUNK, (size + 15) / 16 * 16);
    }

    private void sum(float[][] lines, int filter, float[] sums, int size) {
        int padded = padded(size);
        Arrays.fill(sums, 0, padded, bias[filter]);
        PlainDense.addAll(sums, padded, weights, filter * shape.taps(), lines, shape.taps(), false);
        if (isRectified) {
            PlainDense.rectify(sums, padded);
        }
    }
}
