package io.foresell.model.graph.network;

/**
 * How a kernel moves along one axis.
 *
 * @param kernel number of places it reads
 * @param stride places it moves on
 * @param dilation distance of the places it reads, 1 when adjacent
 * @param before zeros put before the axis, fewer than the places that the kernel spans
 * @param after zeros put after it, likewise
 */
public record Window(int kernel, int stride, int dilation, int before, int after) {
    public Window {
        requirePositive("kernel", kernel);
        requirePositive("stride", stride);
        requirePositive("dilation", dilation);
        int span = (kernel - 1) * dilation + 1;
        if (before < 0 || after < 0 || before >= span || after >= span) {
            throw new IllegalArgumentException(
                    "padding: %d and %d (expected: 0..%d)".formatted(before, after, span - 1));
        }
    }

    /** Returns a window that stays inside the axis and ignores what is left over at its end. */
    public static Window valid(int kernel, int stride, int dilation) {
        return new Window(kernel, stride, dilation, 0, 0);
    }

    /**
     * Returns a window that gives {@code ceil(length / stride)} places; of an odd number of zeros the last goes after the
     * axis (ONNX: SAME_UPPER; DL4J: Same).
     */
    public static Window same(int length, int kernel, int stride, int dilation) {
        int places = (length + stride - 1) / stride;
        int zeros = Math.max(0, (places - 1) * stride + (kernel - 1) * dilation + 1 - length);
        return new Window(kernel, stride, dilation, zeros / 2, zeros - zeros / 2);
    }

    /** Returns a window that sees the present and the past only: all zeros come before the axis. */
    public static Window causal(int kernel, int stride, int dilation) {
        return new Window(kernel, stride, dilation, (kernel - 1) * dilation, 0);
    }

    int outputLength(int length) {
        int room = length + before + after - ((kernel - 1) * dilation + 1);
        if (room < 0) {
            throw new IllegalArgumentException(
                    "length: %d (expected: room for a kernel that spans %d, padding %d and %d)"
                            .formatted(length, (kernel - 1) * dilation + 1, before, after));
        }
        return room / stride + 1;
    }

    private static void requirePositive(String what, int value) {
        if (value < 1 || value > Shape.MAX_SIZE) {
            throw new IllegalArgumentException("%s: %d (expected: 1..%d)".formatted(what, value, Shape.MAX_SIZE));
        }
    }
}
