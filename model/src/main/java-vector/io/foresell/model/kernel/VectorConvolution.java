package io.foresell.model.kernel;

import static io.foresell.model.kernel.VectorKernels.LANES;
import static io.foresell.model.kernel.VectorKernels.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Computes consecutive results of four or eight filters at once, sums in registers. With stride 1 a tap reads the padded image
 * itself, seen as one long line whose results at line ends are dropped afterwards; otherwise the inputs of each tap are
 * laid side by side first.
 */
final class VectorConvolution implements Convolution {
    private static final int TILE = 4;
    // AVX-512 keeps 32 vectors: the sums of eight filters fit. Elsewhere those of four do.
    private static final int LARGE_TILE = LANES >= 16 ? 8 : TILE;

    private final ConvolutionShape shape;
    // The least result: 0 for rectified ones.
    private final float floor;
    private final boolean isLine;
    private final boolean isCopied;
    private final boolean isCompacted;
    // Results computed per filter, those at line ends included.
    private final int positions;
    private final int planeSize;
    // Per group: tiles of filters [tap][filter], large ones first, then single filters [tap].
    private final float[] weights;
    private final float[] bias;
    // Where each tap of a group reads, from the start of the group's first channel.
    private final int[] tapPlaces;

    VectorConvolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        this.shape = shape;
        this.floor = isRectified ? 0 : Float.NEGATIVE_INFINITY;
        this.isLine = shape.height().stride() == 1 && shape.width().stride() == 1;
        int paddedWidth = shape.width().padded();
        boolean hasPadding = shape.height().padded() != shape.height().length()
                || paddedWidth != shape.width().length();
        this.isCopied = !isLine || hasPadding;
        this.isCompacted =
                isLine && shape.height().output() > 1 && shape.width().output() != paddedWidth;
        this.positions = isLine
                ? (shape.height().output() - 1) * paddedWidth + shape.width().output()
                : shape.positions();
        this.planeSize = isLine
                ? shape.height().padded() * paddedWidth
                : shape.height().kernel() * shape.width().kernel() * positions;
        this.tapPlaces = tapPlaces(paddedWidth);
        this.weights = packed(weights);
        this.bias = bias.clone();
    }

    private int[] tapPlaces(int paddedWidth) {
        int[] places = new int[shape.taps()];
        int tap = 0;
        for (int channel = 0; channel < shape.channelsPerGroup(); channel++) {
            for (int y = 0; y < shape.height().kernel(); y++) {
                for (int x = 0; x < shape.width().kernel(); x++, tap++) {
                    places[tap] = isLine
                            ? channel * planeSize
                                    + y * shape.height().dilation() * paddedWidth
                                    + x * shape.width().dilation()
                            : tap * positions;
                }
            }
        }
        return places;
    }

    private static int tileSize(int filters) {
        return filters >= LARGE_TILE ? LARGE_TILE : filters >= TILE ? TILE : 1;
    }

    private float[] packed(float[] values) {
        int taps = shape.taps();
        float[] result = new float[values.length];
        for (int group = 0; group < shape.groups(); group++) {
            int first = group * shape.filtersPerGroup();
            for (int filter = 0; filter < shape.filtersPerGroup(); ) {
                int count = tileSize(shape.filtersPerGroup() - filter);
                for (int i = 0; i < count * taps; i++) {
                    result[(first + filter) * taps + i] = values[(first + filter + i % count) * taps + i / count];
                }
                filter += count;
            }
        }
        return result;
    }

    @Override
    public int scratchSize() {
        int copied = isCopied ? shape.channels() * planeSize + Kernels.OVERRUN : 0;
        return copied + (isCompacted ? LARGE_TILE * positions + Kernels.OVERRUN : 0);
    }

    @Override
    public void run(float[] memory, int from, int to, int scratch) {
        if (isCopied && isLine) {
            pad(memory, from, scratch);
        } else if (isCopied) {
            gather(memory, from, scratch);
        }
        int source = isCopied ? scratch : from;
        int compact = scratch + (isCopied ? shape.channels() * planeSize + Kernels.OVERRUN : 0);
        for (int group = 0; group < shape.groups(); group++) {
            int first = group * shape.filtersPerGroup();
            int end = first + shape.filtersPerGroup();
            int in = source + group * shape.channelsPerGroup() * planeSize;
            for (int filter = first; filter < end; ) {
                int count = tileSize(end - filter);
                int out = isCompacted ? compact : to + filter * positions;
                filters(memory, in, out, filter, count);
                if (isCompacted) {
                    compact(memory, compact, to + filter * shape.positions(), count);
                }
                filter += count;
            }
        }
    }

    private void pad(float[] memory, int from, int to) {
        int width = shape.width().length();
        int paddedWidth = shape.width().padded();
        int height = shape.height().length();
        Arrays.fill(memory, to, to + shape.channels() * planeSize, 0);
        for (int channel = 0; channel < shape.channels(); channel++) {
            int place = to
                    + channel * planeSize
                    + shape.height().padding() * paddedWidth
                    + shape.width().padding();
            for (int y = 0; y < height; y++) {
                System.arraycopy(memory, from + (channel * height + y) * width, memory, place + y * paddedWidth, width);
            }
        }
    }

    private void gather(float[] memory, int from, int to) {
        int place = to;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int y = 0; y < shape.height().kernel(); y++) {
                for (int x = 0; x < shape.width().kernel(); x++, place += positions) {
                    shape.gather(memory, from, channel, y, x, memory, place);
                }
            }
        }
    }

    private void compact(float[] memory, int from, int to, int count) {
        int width = shape.width().output();
        int height = shape.height().output();
        for (int filter = 0; filter < count; filter++) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(
                        memory,
                        from + filter * positions + y * shape.width().padded(),
                        memory,
                        to + (filter * height + y) * width,
                        width);
            }
        }
    }

    /** Walks the positions in pairs of vectors; the last pair overlaps the one before it rather than overrun. */
    private void filters(float[] memory, int in, int to, int filter, int count) {
        int pair = 2 * LANES;
        int last = Math.max(0, positions - pair);
        for (int p = 0; ; p = Math.min(p + pair, last)) {
            if (count == 2 * TILE) {
                largeTile(memory, in + p, tapPlaces, weights, filter, bias, floor, to + p, positions);
            } else if (count == TILE) {
                tile(memory, in + p, tapPlaces, weights, filter, bias, floor, to + p, positions);
            } else {
                single(memory, in + p, tapPlaces, weights, filter, bias, floor, to + p);
            }
            if (p >= last) {
                return;
            }
        }
    }

    private static void tile(
            float[] memory,
            int in,
            int[] places,
            float[] weights,
            int filter,
            float[] bias,
            float floor,
            int to,
            int stride) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, bias[filter]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, bias[filter]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, bias[filter + 1]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, bias[filter + 1]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, bias[filter + 2]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, bias[filter + 2]);
        FloatVector d0 = FloatVector.broadcast(SPECIES, bias[filter + 3]);
        FloatVector d1 = FloatVector.broadcast(SPECIES, bias[filter + 3]);
        int w = filter * places.length;
        for (int tap = 0; tap < places.length; tap++, w += TILE) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, memory, in + places[tap]);
            FloatVector x1 = FloatVector.fromArray(SPECIES, memory, in + places[tap] + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = a.fma(x0, a0);
            a1 = a.fma(x1, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = b.fma(x0, b0);
            b1 = b.fma(x1, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = c.fma(x0, c0);
            c1 = c.fma(x1, c1);
            FloatVector d = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = d.fma(x0, d0);
            d1 = d.fma(x1, d1);
        }
        a0.max(floor).intoArray(memory, to);
        a1.max(floor).intoArray(memory, to + LANES);
        b0.max(floor).intoArray(memory, to + stride);
        b1.max(floor).intoArray(memory, to + stride + LANES);
        c0.max(floor).intoArray(memory, to + 2 * stride);
        c1.max(floor).intoArray(memory, to + 2 * stride + LANES);
        d0.max(floor).intoArray(memory, to + 3 * stride);
        d1.max(floor).intoArray(memory, to + 3 * stride + LANES);
    }

    private static void largeTile(
            float[] memory,
            int in,
            int[] places,
            float[] weights,
            int filter,
            float[] bias,
            float floor,
            int to,
            int stride) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, bias[filter]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, bias[filter]);
        FloatVector b0 = FloatVector.broadcast(SPECIES, bias[filter + 1]);
        FloatVector b1 = FloatVector.broadcast(SPECIES, bias[filter + 1]);
        FloatVector c0 = FloatVector.broadcast(SPECIES, bias[filter + 2]);
        FloatVector c1 = FloatVector.broadcast(SPECIES, bias[filter + 2]);
        FloatVector d0 = FloatVector.broadcast(SPECIES, bias[filter + 3]);
        FloatVector d1 = FloatVector.broadcast(SPECIES, bias[filter + 3]);
        FloatVector e0 = FloatVector.broadcast(SPECIES, bias[filter + 4]);
        FloatVector e1 = FloatVector.broadcast(SPECIES, bias[filter + 4]);
        FloatVector f0 = FloatVector.broadcast(SPECIES, bias[filter + 5]);
        FloatVector f1 = FloatVector.broadcast(SPECIES, bias[filter + 5]);
        FloatVector g0 = FloatVector.broadcast(SPECIES, bias[filter + 6]);
        FloatVector g1 = FloatVector.broadcast(SPECIES, bias[filter + 6]);
        FloatVector h0 = FloatVector.broadcast(SPECIES, bias[filter + 7]);
        FloatVector h1 = FloatVector.broadcast(SPECIES, bias[filter + 7]);
        int w = filter * places.length;
        for (int tap = 0; tap < places.length; tap++, w += 2 * TILE) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, memory, in + places[tap]);
            FloatVector x1 = FloatVector.fromArray(SPECIES, memory, in + places[tap] + LANES);
            FloatVector a = FloatVector.broadcast(SPECIES, weights[w]);
            a0 = a.fma(x0, a0);
            a1 = a.fma(x1, a1);
            FloatVector b = FloatVector.broadcast(SPECIES, weights[w + 1]);
            b0 = b.fma(x0, b0);
            b1 = b.fma(x1, b1);
            FloatVector c = FloatVector.broadcast(SPECIES, weights[w + 2]);
            c0 = c.fma(x0, c0);
            c1 = c.fma(x1, c1);
            FloatVector d = FloatVector.broadcast(SPECIES, weights[w + 3]);
            d0 = d.fma(x0, d0);
            d1 = d.fma(x1, d1);
            FloatVector e = FloatVector.broadcast(SPECIES, weights[w + 4]);
            e0 = e.fma(x0, e0);
            e1 = e.fma(x1, e1);
            FloatVector f = FloatVector.broadcast(SPECIES, weights[w + 5]);
            f0 = f.fma(x0, f0);
            f1 = f.fma(x1, f1);
            FloatVector g = FloatVector.broadcast(SPECIES, weights[w + 6]);
            g0 = g.fma(x0, g0);
            g1 = g.fma(x1, g1);
            FloatVector h = FloatVector.broadcast(SPECIES, weights[w + 7]);
            h0 = h.fma(x0, h0);
            h1 = h.fma(x1, h1);
        }
        a0.max(floor).intoArray(memory, to);
        a1.max(floor).intoArray(memory, to + LANES);
        b0.max(floor).intoArray(memory, to + stride);
        b1.max(floor).intoArray(memory, to + stride + LANES);
        c0.max(floor).intoArray(memory, to + 2 * stride);
        c1.max(floor).intoArray(memory, to + 2 * stride + LANES);
        d0.max(floor).intoArray(memory, to + 3 * stride);
        d1.max(floor).intoArray(memory, to + 3 * stride + LANES);
        e0.max(floor).intoArray(memory, to + 4 * stride);
        e1.max(floor).intoArray(memory, to + 4 * stride + LANES);
        f0.max(floor).intoArray(memory, to + 5 * stride);
        f1.max(floor).intoArray(memory, to + 5 * stride + LANES);
        g0.max(floor).intoArray(memory, to + 6 * stride);
        g1.max(floor).intoArray(memory, to + 6 * stride + LANES);
        h0.max(floor).intoArray(memory, to + 7 * stride);
        h1.max(floor).intoArray(memory, to + 7 * stride + LANES);
    }

    private static void single(
            float[] memory, int in, int[] places, float[] weights, int filter, float[] bias, float floor, int to) {
        FloatVector a0 = FloatVector.broadcast(SPECIES, bias[filter]);
        FloatVector a1 = FloatVector.broadcast(SPECIES, bias[filter]);
        int w = filter * places.length;
        for (int tap = 0; tap < places.length; tap++) {
            FloatVector a = FloatVector.broadcast(SPECIES, weights[w + tap]);
            a0 = a.fma(FloatVector.fromArray(SPECIES, memory, in + places[tap]), a0);
            a1 = a.fma(FloatVector.fromArray(SPECIES, memory, in + places[tap] + LANES), a1);
        }
        a0.max(floor).intoArray(memory, to);
        a1.max(floor).intoArray(memory, to + LANES);
    }
}
