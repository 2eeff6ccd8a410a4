package io.foresell.model.scorer;

import java.util.Arrays;

/** What the classifiers and regressors of ai.onnx.ml do with their scores, as ONNX Runtime computes it. */
enum PostTransform {
    NONE,
    LOGISTIC,
    SOFTMAX,
    SOFTMAX_ZERO,
    PROBIT;

    private static final float NEARLY_ZERO = 1e-7f;

    /** Returns the transformation of a node; refuses unknown names. */
    static PostTransform of(GraphNode node) {
        String name = node.text("post_transform", "NONE");
        for (PostTransform transform : values()) {
            if (transform.name().equals(name)) {
                return transform;
            }
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
                    case SOFTMAX_ZERO -> (memory, texts, textBase) -> softmax(memory, in, out, size, true);
                    default -> (memory, texts, textBase) -> probit(memory, in, out, size);
                });
        return switch (this) {
            case LOGISTIC -> to.linked(new Link(Link.Kind.SIGMOID, scores));
            case SOFTMAX -> to.linked(new Link(Link.Kind.SOFTMAX, scores));
            default -> to;
        };
    }

    private static void logistic(float[] memory, int in, int out, int size) {
        for (int i = 0; i < size; i++) {
            memory[out + i] = ElementOperators.sigmoid(memory[in + i]);
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

    /**
     * Writes the inverse of the normal distribution by Winitzki's approximation of the inverse error function with a = 0.147, which
     * ONNX Runtime uses too.
     */
    private static void probit(float[] memory, int in, int out, int size) {
        for (int i = 0; i < size; i++) {
            float x = 2 * memory[in + i] - 1;
            float log = (float) Math.log((1 - x) * (1 + x));
            float half = 2 / (3.14159f * 0.147f) + 0.5f * log;
            float root = (float) Math.sqrt(-half + (float) Math.sqrt(half * half - 1 / 0.147f * log));
            memory[out + i] = 1.4142135f * (x < 0 ? -root : root);
        }
    }
}
