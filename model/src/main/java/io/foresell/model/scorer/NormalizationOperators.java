package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Map;

/** Normalisation in networks: by statistics of the training (batch), or of the row (layer, instance). */
final class NormalizationOperators {
    private static final float EPSILON = 1e-5f;

    private NormalizationOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("BatchNormalization", NormalizationOperators::batch);
        operators.put("LayerNormalization", NormalizationOperators::layer);
        operators.put("InstanceNormalization", NormalizationOperators::instance);
    }

    private static void batch(GraphNode node, PlanBuilder plan) {
        if (node.integer("training_mode", 0) != 0 || node.integer("spatial", 1) != 1) {
            throw node.unsupported("training_mode or statistics per place");
        }
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int channels = from.rank() < 2 ? 0 : from.shape()[1];
        if (plan.batchAxis(from) != 0) {
            throw node.unsupported("input of shape %s (only [N, channels, ...])", Arrays.toString(from.shape()));
        }
        float[] factors = perChannel(node, 1, channels);
        float[] shifts = perChannel(node, 2, channels);
        float[] means = perChannel(node, 3, channels);
        float[] variances = perChannel(node, 4, channels);
        double epsilon = node.number("epsilon", EPSILON);
        float[] scale = new float[channels];
        float[] shift = new float[channels];
        for (int i = 0; i < channels; i++) {
            double factor = factors[i] / Math.sqrt(variances[i] + epsilon);
            scale[i] = (float) factor;
            shift[i] = (float) (shifts[i] - means[i] * factor);
            if (!Float.isFinite(scale[i]) || !Float.isFinite(shift[i])) {
                throw BadGraph.of(
                        "variance of channel %d of %s: %s (expected: above %s)", i, node, variances[i], -epsilon);
            }
        }
        FoldableStep before = plan.foldable(node.inputName(0));
        int run = channels == 0 ? 0 : from.size() / channels;
        if (before != null && !before.isRectified() && before.channels() == channels && before.channelRun() == run) {
            ElementOperators.fold(plan, before, from, node.output(0), scale, shift, null);
            return;
        }
        Value.Floats to = plan.allocate(from.shape(), from.sources());
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int channel = 0, i = 0; channel < scale.length; channel++) {
                for (int end = i + run; i < end; i++) {
                    memory[out + i] = memory[in + i] * scale[channel] + shift[channel];
                }
            }
        });
        plan.define(node.output(0), to);
    }

    private static float[] perChannel(GraphNode node, int input, int channels) {
        float[] values = node.floatConstant(input).values();
        if (values.length != channels) {
            throw BadGraph.of("input %d of %s: %d values (expected: %d)", input, node, values.length, channels);
        }
        return values;
    }

    private static void layer(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        int axis = Shapes.axis(node.integer("axis", -1), from.rank());
        for (int i = axis; i < from.rank(); i++) {
            plan.requireWithinRow(node, from, i);
        }
        int count = Shapes.size(Arrays.copyOfRange(from.shape(), axis, from.rank()));
        float[] scale = spread(node, 1, count, 1);
        float[] shift = node.hasInput(2) ? spread(node, 2, count, 0) : new float[count];
        normalize(node, plan, from, scale, shift);
    }

    /** Returns one value per normalised place. */
    private static float[] spread(GraphNode node, int input, int count, float absent) {
        float[] values = node.floatConstant(input).values();
        if (values.length != count && values.length != 1) {
            throw node.unsupported("input %d of %d values (only 1 or %d)", input, values.length, count);
        }
        float[] spread = new float[count];
        Arrays.fill(spread, values.length == 1 ? values[0] : absent);
        return values.length == count ? values : spread;
    }

    private static void instance(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = Windows.image(node, plan);
        int channels = from.shape()[1];
        float[] scales = perChannel(node, 1, channels);
        float[] shifts = perChannel(node, 2, channels);
        int count = channels == 0 ? 0 : from.size() / channels;
        float[] scale = new float[from.size()];
        float[] shift = new float[from.size()];
        for (int i = 0; i < scale.length; i++) {
            scale[i] = scales[i / count];
            shift[i] = shifts[i / count];
        }
        if (count > 0) {
            normalize(node, plan, from, scale, shift, count);
        } else {
            throw BadGraph.of("input of %s: 0 values a channel (expected: 1 or more)", node);
        }
    }

    private static void normalize(GraphNode node, PlanBuilder plan, Value.Floats from, float[] scale, float[] shift) {
        if (scale.length == 0) {
            throw BadGraph.of("input of %s: 0 values to normalise (expected: 1 or more)", node);
        }
        normalize(node, plan, from, scale, shift, scale.length);
    }

    /** Normalises groups of {@code count} floats; scale and shift repeat over the result. */
    private static void normalize(
            GraphNode node, PlanBuilder plan, Value.Floats from, float[] scale, float[] shift, int count) {
        double epsilon = node.number("epsilon", EPSILON);
        int size = from.size();
        int in = from.offset();
        Value.Floats to = plan.withBatchAxis(plan.allocate(from.shape()), plan.batchAxis(from));
        int out = to.offset();
        plan.spend(3L * size);
        plan.step((memory, texts, textBase) -> {
            for (int first = 0; first < size; first += count) {
                double sum = 0;
                for (int i = first; i < first + count; i++) {
                    sum += memory[in + i];
                }
                float mean = (float) (sum / count);
                double squares = 0;
                for (int i = first; i < first + count; i++) {
                    float difference = memory[in + i] - mean;
                    squares += difference * difference;
                }
                float factor = (float) (1 / Math.sqrt(squares / count + epsilon));
                int weight = first % scale.length;
                for (int i = first; i < first + count; i++, weight++) {
                    memory[out + i] = (memory[in + i] - mean) * factor * scale[weight] + shift[weight];
                }
            }
        });
        plan.define(node.output(0), to);
    }
}
