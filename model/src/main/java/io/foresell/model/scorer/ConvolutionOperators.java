package io.foresell.model.scorer;

import java.util.Map;

/** Convolution and pooling over one dimension, values [1, channels, length]. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Conv", ConvolutionOperators::convolve);
        operators.put("GlobalMaxPool", (node, plan) -> pool(node, plan, true));
        operators.put("GlobalAveragePool", (node, plan) -> pool(node, plan, false));
        operators.put("MaxPool", ConvolutionOperators::maxPool);
    }

    private static Value.Floats sequence(GraphNode node) {
        Value.Floats from = node.floats(0);
        if (from.rank() != 3 || from.shape()[0] != 1) {
            throw node.unsupported("input of rank %d (only [N, channels, length])", from.rank());
        }
        return from;
    }

    private static int single(GraphNode node, String name, int absent) {
        int[] values = node.integers(name);
        if (values.length > 1) {
            throw BadGraph.of("%s of %s: %d values (expected: 1)", name, node, values.length);
        }
        return values.length == 0 ? absent : values[0];
    }

    private static int[] pads(GraphNode node) {
        String mode = node.text("auto_pad", "NOTSET");
        if (!mode.equals("NOTSET") && !mode.equals("VALID")) {
            throw node.unsupported("auto_pad %s", mode);
        }
        int[] pads = node.integers("pads");
        if (pads.length != 0 && (pads.length != 2 || pads[0] < 0 || pads[1] < 0)) {
            throw BadGraph.of("pads of %s: %d values (expected: 2, none negative)", node, pads.length);
        }
        return pads.length == 0 ? new int[2] : pads;
    }

    private static int outputLength(GraphNode node, int length, int[] pads, int kernel, int stride) {
        long padded = (long) length + pads[0] + pads[1];
        if (kernel < 1 || stride < 1 || padded < kernel || pads[0] >= kernel || pads[1] >= kernel) {
            throw BadGraph.of(
                    "kernel of %s: %d over %d values, stride %d (expected: it fits)", node, kernel, padded, stride);
        }
        return (int) ((padded - kernel) / stride + 1);
    }

    private static void convolve(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = sequence(node);
        Value.FloatConstant weights = node.floatConstant(1);
        if (weights.rank() != 3
                || node.integer("group", 1) != 1
                || single(node, "dilations", 1) != 1
                || single(node, "strides", 1) != 1) {
            throw node.unsupported("groups, strides, dilations or more than one dimension");
        }
        int channels = from.shape()[1];
        int length = from.shape()[2];
        int filters = weights.shape()[0];
        int kernel = weights.shape()[2];
        if (weights.shape()[1] != channels || single(node, "kernel_shape", kernel) != kernel) {
            throw BadGraph.of("weights of %s: %d channels (expected: %d)", node, weights.shape()[1], channels);
        }
        float[] bias = new float[filters];
        if (node.hasInput(2)) {
            bias = node.floatConstant(2).values();
            if (bias.length != filters) {
                throw BadGraph.of("bias of %s: %d values (expected: %d)", node, bias.length, filters);
            }
        }
        int[] pads = pads(node);
        int outputLength = outputLength(node, length, pads, kernel, 1);
        Value.Floats to = plan.allocate(new int[] {1, filters, outputLength});
        plan.define(node.output(0), to);
        plan.spend((long) filters * channels * kernel * outputLength);
        plan.step(new Convolution(
                from.offset(),
                to.offset(),
                channels,
                length,
                filters,
                outputLength,
                kernel,
                pads[0],
                weights.values(),
                bias));
    }

    /** One convolution; the inner loop runs over steps so that it vectorises. */
    private static final class Convolution implements Step {
        private final int from;
        private final int to;
        private final int channels;
        private final int length;
        private final int filters;
        private final int outputLength;
        private final int kernel;
        private final int padding;
        private final float[] weights;
        private final float[] bias;

        Convolution(
                int from,
                int to,
                int channels,
                int length,
                int filters,
                int outputLength,
                int kernel,
                int padding,
                float[] weights,
                float[] bias) {
            this.from = from;
            this.to = to;
            this.channels = channels;
            this.length = length;
            this.filters = filters;
            this.outputLength = outputLength;
            this.kernel = kernel;
            this.padding = padding;
            this.weights = weights;
            this.bias = bias;
        }

        @Override
        public void run(float[] memory, String[] texts, int textBase) {
            int weight = 0;
            for (int filter = 0; filter < filters; filter++) {
                int out = to + filter * outputLength;
                for (int t = 0; t < outputLength; t++) {
                    memory[out + t] = bias[filter];
                }
                for (int channel = 0; channel < channels; channel++) {
                    for (int k = 0; k < kernel; k++) {
                        add(memory, out, from + channel * length, k - padding, weights[weight++]);
                    }
                }
            }
        }

        private void add(float[] memory, int out, int in, int shift, float weight) {
            int first = Math.max(0, -shift);
            int end = Math.min(outputLength, length - shift);
            for (int t = first; t < end; t++) {
                memory[out + t] += weight * memory[in + t + shift];
            }
        }
    }

    private static void pool(GraphNode node, PlanBuilder plan, boolean isMax) {
        node.requireOnlyOutput();
        Value.Floats from = sequence(node);
        int channels = from.shape()[1];
        int length = from.shape()[2];
        if (length == 0) {
            throw BadGraph.of("length of %s: 0 (expected: 1 or more)", node);
        }
        Value.Floats to = plan.allocate(new int[] {1, channels, 1});
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int channel = 0; channel < channels; channel++) {
                float result = memory[in + channel * length];
                for (int t = 1; t < length; t++) {
                    float x = memory[in + channel * length + t];
                    result = isMax ? Math.max(result, x) : result + x;
                }
                memory[out + channel] = isMax ? result : result / length;
            }
        });
        plan.define(node.output(0), to);
    }

    private static void maxPool(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = sequence(node);
        int kernel = single(node, "kernel_shape", 0);
        int stride = single(node, "strides", 1);
        if (single(node, "dilations", 1) != 1 || node.integer("ceil_mode", 0) != 0) {
            throw node.unsupported("dilations or ceil_mode");
        }
        int[] pads = pads(node);
        int channels = from.shape()[1];
        int length = from.shape()[2];
        int outputLength = outputLength(node, length, pads, kernel, stride);
        Value.Floats to = plan.allocate(new int[] {1, channels, outputLength});
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int channel = 0; channel < channels; channel++) {
                for (int t = 0; t < outputLength; t++) {
                    int first = t * stride - pads[0];
                    float max = Float.NEGATIVE_INFINITY;
                    for (int k = Math.max(0, first); k < Math.min(length, first + kernel); k++) {
                        max = Math.max(max, memory[in + channel * length + k]);
                    }
                    memory[out + channel * outputLength + t] = max;
                }
            }
        });
        plan.define(node.output(0), to);
    }
}
