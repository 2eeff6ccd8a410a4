package io.foresell.model.scorer;

import io.foresell.model.kernel.ConvolutionShape;
import io.foresell.model.kernel.ConvolutionShape.Axis;
import java.util.Arrays;
import java.util.Map;

/** Convolution with constant weights. */
final class ConvolutionOperators {
    private ConvolutionOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("Conv", ConvolutionOperators::convolve);
    }

    private static void convolve(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = Windows.image(node, plan);
        Value.FloatConstant weights = node.floatConstant(1);
        int[] shape = weights.shape();
        if (shape.length != from.rank()) {
            throw BadGraph.of("weights of %s: rank %d (expected: %d)", node, shape.length, from.rank());
        }
        int[] kernel = Arrays.copyOfRange(shape, 2, shape.length);
        int[] stated = node.integers("kernel_shape");
        if (stated.length != 0 && !Arrays.equals(stated, kernel)) {
            throw BadGraph.of(
                    "kernel_shape of %s: %s (expected: %s)", node, Arrays.toString(stated), Arrays.toString(kernel));
        }
        Axis[] axes = Windows.axes(node, from.shape(), kernel, false);
        ConvolutionShape convolution =
                new ConvolutionShape(from.shape()[1], shape[0], groups(node, from, shape), axes[0], axes[1]);
        Value.Floats to = plan.allocateForKernel(Windows.outputShape(from.rank(), shape[0], axes));
        plan.spend((long) convolution.taps() * to.size());
        ConvolutionStep.Places places = new ConvolutionStep.Places(from.offset(), to.offset());
        ConvolutionStep step = ConvolutionStep.of(plan, places, convolution, weights.values(), bias(node, shape[0]));
        plan.step(step);
        plan.define(node.output(0), plan.writtenBy(to, step));
    }

    private static int groups(GraphNode node, Value.Floats from, int[] shape) {
        long groups = node.integer("group", 1);
        int channels = from.shape()[1];
        if (groups < 1 || shape[0] % groups != 0 || shape[1] * groups != channels || channels == 0 || shape[0] == 0) {
            throw BadGraph.of(
                    "weights of %s: %d filters of %d channels, %d groups (expected: they share %d channels)",
                    node, shape[0], shape[1], groups, channels);
        }
        return (int) groups;
    }

    private static float[] bias(GraphNode node, int filters) {
        if (!node.hasInput(2)) {
            return new float[filters];
        }
        float[] bias = node.floatConstant(2).values();
        if (bias.length != filters) {
            throw BadGraph.of("bias of %s: %d values (expected: %d)", node, bias.length, filters);
        }
        return bias;
    }
}
