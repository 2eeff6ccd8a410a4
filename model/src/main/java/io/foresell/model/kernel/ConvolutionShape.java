package io.foresell.model.kernel;

import java.util.Arrays;

/** Sizes of a convolution over height and width; one over a sequence has height 1. All checked by the caller. */
public record ConvolutionShape(int channels, int filters, int groups, Axis height, Axis width) {
    /** One dimension: {@code padding} zeros before, {@code paddingAfter} behind. */
    public record Axis(int length, int kernel, int stride, int dilation, int padding, int paddingAfter) {
        /** Returns an axis of length 1 that a convolution over sequences ignores. */
        public static Axis none() {
            return new Axis(1, 1, 1, 1, 0, 0);
        }

        /** Returns the length with zeros on both sides. */
        public int padded() {
            return length + padding + paddingAfter;
        }

        /** Returns the length of the result. */
        public int output() {
            return (padded() - ((kernel - 1) * dilation + 1)) / stride + 1;
        }
    }

    /** Returns the products that sum up to one result. */
    public int taps() {
        return channels / groups * height.kernel * width.kernel;
    }

    /** Returns the results per filter. */
    public int positions() {
        return height.output() * width.output();
    }

    int channelsPerGroup() {
        return channels / groups;
    }

    int filtersPerGroup() {
        return filters / groups;
    }

    /** Writes the inputs of one tap for consecutive results, [output height, output width]. */
    void gather(float[] memory, int from, int channel, int y, int x, float[] taps, int to) {
        int outputWidth = width.output();
        for (int row = 0; row < height.output(); row++) {
            int line = row * height.stride + y * height.dilation - height.padding;
            int target = to + row * outputWidth;
            if (line < 0 || line >= height.length) {
                Arrays.fill(taps, target, target + outputWidth, 0);
            } else {
                gatherLine(memory, from + (channel * height.length + line) * width.length, x, taps, target);
            }
        }
    }

    private void gatherLine(float[] memory, int line, int x, float[] taps, int to) {
        int outputWidth = width.output();
        int column = x * width.dilation - width.padding;
        if (width.stride == 1) {
            int first = Math.min(outputWidth, Math.max(0, -column));
            int end = Math.max(first, Math.min(outputWidth, width.length - column));
            Arrays.fill(taps, to, to + first, 0);
            System.arraycopy(memory, line + column + first, taps, to + first, end - first);
            Arrays.fill(taps, to + end, to + outputWidth, 0);
            return;
        }
        for (int i = 0; i < outputWidth; i++, column += width.stride) {
            taps[to + i] = column < 0 || column >= width.length ? 0 : memory[line + column];
        }
    }
}
