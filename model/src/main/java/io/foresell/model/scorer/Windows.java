package io.foresell.model.scorer;

import io.foresell.model.kernel.ConvolutionShape.Axis;
import java.util.Arrays;

/** Reads the attributes of convolutions and pools, over a sequence [1, channels, length] or an image [1, channels, height, width]. */
final class Windows {
    private Windows() {}

    /** Returns the input; refuses other ranks. */
    static Value.Floats image(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.floats(0);
        if ((from.rank() != 3 && from.rank() != 4) || from.shape()[0] != 1 || plan.batchAxis(from) != 0) {
            throw node.unsupported("input of rank %d (only sequences and images)", from.rank());
        }
        return from;
    }

    /**
     * Returns height and width.
     *
     * @param kernel its length per axis
     * @param allowsCeiling whether ceil_mode may stand for padding behind
     */
    static Axis[] axes(GraphNode node, int[] shape, int[] kernel, boolean allowsCeiling) {
        int count = shape.length - 2;
        if (kernel.length != count) {
            throw BadGraph.of("kernel_shape of %s: %d values (expected: %d)", node, kernel.length, count);
        }
        int[] strides = perAxis(node, "strides", count);
        int[] dilations = perAxis(node, "dilations", count);
        int[] pads = pads(node, shape, kernel, strides, dilations);
        boolean isCeiling = node.flag("ceil_mode", false);
        if (isCeiling && !allowsCeiling) {
            throw node.unsupported("ceil_mode");
        }
        Axis[] axes = {Axis.none(), Axis.none()};
        for (int i = 0; i < count; i++) {
            int after = pads[count + i];
            if (isCeiling) {
                after += ceiling(shape[2 + i], pads[i], after, (kernel[i] - 1L) * dilations[i] + 1, strides[i]);
            }
            axes[2 - count + i] =
                    checked(node, new Axis(shape[2 + i], kernel[i], strides[i], dilations[i], pads[i], after));
        }
        return axes;
    }

    private static int[] perAxis(GraphNode node, String name, int count) {
        int[] values = node.integers(name);
        if (values.length == 0) {
            values = new int[count];
            Arrays.fill(values, 1);
        }
        if (values.length != count) {
            throw BadGraph.of("%s of %s: %d values (expected: %d)", name, node, values.length, count);
        }
        for (int value : values) {
            if (value < 1) {
                throw BadGraph.of("%s of %s: %d (expected: 1 or more)", name, node, value);
            }
        }
        return values;
    }

    private static int[] pads(GraphNode node, int[] shape, int[] kernel, int[] strides, int[] dilations) {
        int count = kernel.length;
        String mode = node.text("auto_pad", "NOTSET");
        int[] pads = node.integers("pads");
        if (mode.equals("NOTSET") && pads.length != 0) {
            if (pads.length != 2 * count || Arrays.stream(pads).anyMatch(pad -> pad < 0)) {
                throw BadGraph.of(
                        "pads of %s: %s (expected: %d, none negative)", node, Arrays.toString(pads), 2 * count);
            }
            return pads;
        }
        int[] found = new int[2 * count];
        if (mode.equals("NOTSET") || mode.equals("VALID")) {
            return found;
        }
        if (!mode.equals("SAME_UPPER") && !mode.equals("SAME_LOWER")) {
            throw BadGraph.of("auto_pad of %s: %s (expected: NOTSET, VALID, SAME_UPPER or SAME_LOWER)", node, mode);
        }
        for (int i = 0; i < count; i++) {
            int length = shape[2 + i];
            long covered = (long) ((length + strides[i] - 1) / strides[i] - 1) * strides[i]
                    + (kernel[i] - 1L) * dilations[i]
                    + 1;
            int total = (int) Math.max(0, Math.min(Shapes.MAX_SIZE, covered - length));
            found[i] = mode.equals("SAME_UPPER") ? total / 2 : total - total / 2;
            found[count + i] = total - found[i];
        }
        return found;
    }

    /** Returns the zeros behind that let a last partial window count; one that would start in the padding does not. */
    private static int ceiling(int length, int before, int after, long window, int stride) {
        long padded = (long) length + before + after;
        long steps = (padded - window + stride - 1) / stride;
        if (steps * stride >= (long) length + before) {
            steps--;
        }
        return (int) Math.max(0, Math.min(Shapes.MAX_SIZE, steps * stride + window - padded));
    }

    private static Axis checked(GraphNode node, Axis axis) {
        long padded = (long) axis.length() + axis.padding() + axis.paddingAfter();
        long window = (axis.kernel() - 1L) * axis.dilation() + 1;
        if (axis.kernel() < 1 || padded < window || padded > Shapes.MAX_SIZE || axis.padding() >= window) {
            throw BadGraph.of(
                    "kernel of %s: %d over %d values, dilation %d, padding %d (expected: it fits)",
                    node, axis.kernel(), padded, axis.dilation(), axis.padding());
        }
        return axis;
    }

    /** Returns [1, channels] and the output's length of each axis of the input. */
    static int[] outputShape(int rank, int channels, Axis[] axes) {
        return rank == 3
                ? new int[] {1, channels, axes[1].output()}
                : new int[] {1, channels, axes[0].output(), axes[1].output()};
    }
}
