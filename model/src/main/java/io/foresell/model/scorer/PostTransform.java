package io.foresell.model.scorer;

import io.foresell.model.kernel.Functions;
import java.util.Arrays;

/** What the classifiers and regressors of ai.onnx.ml do with their scores, as ONNX Runtime computes it. */
enum PostTransform {
    NONE,
    LOGISTIC,
    SOFTMAX,
    SOFTMAX_ZERO;

    private static final float NEARLY_ZERO = 1e-7f;

    /** Returns the transformation of a node; PROBIT, an approximation that cancels around a half, is left to other engines. */
    static PostTransform of(GraphNode node) {
        String name = node.text("post_transform", "NONE");
        for (PostTransform transform : values()) {
            if (transform.name().equals(name)) {
                return transform;
            }
        }
        if (name.equals("PROBIT")) {
            throw node.unsupported("post_transform PROBIT");
        }
        throw BadGraph.of("post_transform of %s: %s (expected: one of %s)", node, name, Arrays.toString(values()));
    }

    /** Returns the transformed scores of one row, with the scores as their link where that makes sense. */
    Value.Floats apply(PlanBuilder plan, Value.Floats scores) {
        if (this == NONE) {
            return scores;
        }
        Value.Floats to = plan.allocate(scores.shape());
        int in = scores.offset();
        int out = to.offset();
        int size = scores.size();
        plan.step(
                switch (this) {
                    case LOGISTIC -> (memory, texts, textBase) -> logistic(memory, in, out, size);
                    case SOFTMAX -> (memory, texts, textBase) -> softmax(memory, in, out, size, false);
                    default -> (memory, texts, textBase) -> softmax(memory, in, out, size, true);
                });
        return switch (this) {
            case LOGISTIC -> to.linked(new Link(Link.Kind.SIGMOID, scores));
            case SOFTMAX -> to.linked(new Link(Link.Kind.SOFTMAX, scores));
            default -> to;
        };
    }

    private static void logistic(float[] memory, int in, int out, int size) {
        for (int i = 0; i < size; i++) {
            memory[out + i] = Functions.sigmoid(memory[in + i]);
        }
    }

    /** Writes the softmax; with {@code keepsZeros} scores of zero stay zero, but for a factor. */
    private static void softmax(float[] memory, int in, int out, int size, boolean keepsZeros) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            max = Math.max(max, memory[in + i]);
        }
        double sum = 0;
        for (int i = 0; i < size; i++) {
            float score = memory[in + i];
            boolean isZero = keepsZeros && Math.abs(score) <= NEARLY_ZERO;
            double e = isZero ? score * Math.exp(-max) : Math.exp(score - max);
            sum += isZero ? 0 : e;
            memory[out + i] = (float) e;
        }
        for (int i = 0; i < size; i++) {
            memory[out + i] = (float) (memory[out + i] / sum);
        }
    }
}
