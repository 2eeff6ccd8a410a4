package io.foresell.model.scorer;

import io.foresell.model.kernel.ConvolutionShape.Axis;
import io.foresell.model.kernel.Kernels;
import java.util.Arrays;
import java.util.Map;

/** Largest and mean value of windows over a sequence or an image. */
final class PoolingOperators {
    private PoolingOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("MaxPool", (node, plan) -> pool(node, plan, true));
        operators.put("AveragePool", (node, plan) -> pool(node, plan, false));
        operators.put("GlobalMaxPool", (node, plan) -> poolAll(node, plan, true));
        operators.put("GlobalAveragePool", (node, plan) -> poolAll(node, plan, false));
    }

    private static void poolAll(GraphNode node, PlanBuilder plan, boolean isMax) {
        node.requireOnlyOutput();
        Value.Floats from = Windows.image(node, plan);
        int channels = from.shape()[1];
        int length = channels == 0 ? 0 : from.size() / channels;
        if (length == 0) {
            throw BadGraph.of("length of %s: 0 (expected: 1 or more)", node);
        }
        int[] shape = from.shape().clone();
        Arrays.fill(shape, 2, shape.length, 1);
        Value.Floats to = plan.allocate(shape);
        plan.spend(from.size());
        int in = from.offset();
        int out = to.offset();
        Kernels kernels = Kernels.best();
        plan.step((memory, texts, textBase) -> {
            for (int channel = 0; channel < channels; channel++) {
                int first = in + channel * length;
                memory[out + channel] =
                        isMax ? kernels.max(memory, first, length) : sum(memory, first, length) / length;
            }
        });
        plan.define(node.output(0), to);
    }

    private static float sum(float[] memory, int from, int length) {
        float sum = 0;
        for (int i = from; i < from + length; i++) {
            sum += memory[i];
        }
        return sum;
    }

    private static void pool(GraphNode node, PlanBuilder plan, boolean isMax) {
        node.requireOnlyOutput();
        Value.Floats from = Windows.image(node, plan);
        if (isMax && node.integer("storage_order", 0) != 0) {
            throw node.unsupported("storage_order");
        }
        Axis[] axes = Windows.axes(node, from.shape(), node.integers("kernel_shape"), true);
        int channels = from.shape()[1];
        Value.Floats to = plan.allocate(Windows.outputShape(from.rank(), channels, axes));
        plan.spend((long) to.size() * axes[0].kernel() * axes[1].kernel());
        boolean countsPadding = node.flag("count_include_pad", false);
        plan.step(new Pool(
                from.offset(), to.offset(), channels, axes[0], axes[1], isMax, stated(node, axes, countsPadding)));
        plan.define(node.output(0), to);
    }

    /** Returns how far an average counts padding on each axis: to the stated zeros, not to those of ceil_mode. */
    private static int[] stated(GraphNode node, Axis[] axes, boolean countsPadding) {
        int[] pads = node.integers("pads");
        int[] ends = new int[2];
        for (int i = 0; i < 2; i++) {
            int count = pads.length / 2;
            int axis = i - 2 + count;
            int after = node.text("auto_pad", "NOTSET").equals("NOTSET")
                    ? axis >= 0 && count > 0 ? pads[count + axis] : 0
                    : axes[i].paddingAfter();
            ends[i] = countsPadding ? axes[i].length() + after : -1;
        }
        return ends;
    }

    /** Pools every channel; {@code countedEnds} is -1 where padding does not count. */
    private static final class Pool implements Step {
        private final int from;
        private final int to;
        private final int channels;
        private final Axis height;
        private final Axis width;
        private final boolean isMax;
        private final int[] countedEnds;

        Pool(int from, int to, int channels, Axis height, Axis width, boolean isMax, int[] countedEnds) {
            this.from = from;
            this.to = to;
            this.channels = channels;
            this.height = height;
            this.width = width;
            this.isMax = isMax;
            this.countedEnds = countedEnds;
        }

        @Override
        public void run(float[] memory, String[] texts, int textBase) {
            int out = to;
            for (int channel = 0; channel < channels; channel++) {
                int plane = from + channel * height.length() * width.length();
                for (int y = 0; y < height.output(); y++) {
                    for (int x = 0; x < width.output(); x++) {
                        memory[out++] = isMax ? max(memory, plane, y, x) : mean(memory, plane, y, x);
                    }
                }
            }
        }

        private float max(float[] memory, int plane, int y, int x) {
            float max = Float.NEGATIVE_INFINITY;
            int top = y * height.stride() - height.padding();
            int left = x * width.stride() - width.padding();
            for (int i = 0, line = top; i < height.kernel(); i++, line += height.dilation()) {
                for (int j = 0, column = left; j < width.kernel(); j++, column += width.dilation()) {
                    if (line >= 0 && line < height.length() && column >= 0 && column < width.length()) {
                        max = Math.max(max, memory[plane + line * width.length() + column]);
                    }
                }
            }
            return max;
        }

        private float mean(float[] memory, int plane, int y, int x) {
            float sum = 0;
            int inside = 0;
            int counted = 0;
            int top = y * height.stride() - height.padding();
            int left = x * width.stride() - width.padding();
            for (int i = 0, line = top; i < height.kernel(); i++, line += height.dilation()) {
                for (int j = 0, column = left; j < width.kernel(); j++, column += width.dilation()) {
                    if (line >= 0 && line < height.length() && column >= 0 && column < width.length()) {
                        sum += memory[plane + line * width.length() + column];
                        inside++;
                    }
                    counted += line < countedEnds[0] && column < countedEnds[1] ? 1 : 0;
                }
            }
            return sum / (countedEnds[0] < 0 ? inside : counted);
        }
    }
}
