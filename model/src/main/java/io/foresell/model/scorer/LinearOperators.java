package io.foresell.model.scorer;

import java.util.Map;

/** LinearClassifier and LinearRegressor of ai.onnx.ml: a product with constant coefficients, then a transformation. */
final class LinearOperators {
    private LinearOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.LinearClassifier", LinearOperators::classify);
        operators.put("ai.onnx.ml.LinearRegressor", LinearOperators::regress);
    }

    private static void classify(GraphNode node, PlanBuilder plan) {
        float[] intercepts = node.finiteNumbers("intercepts");
        ClassLabels labels = ClassLabels.of(node, "classlabels_ints");
        PostTransform transform = PostTransform.of(node);
        if (intercepts.length == 1 && transform != PostTransform.NONE) {
            throw node.unsupported("post_transform %s of one score", transform); // Runtimes do not agree on it.
        }
        if (intercepts.length != 1 && intercepts.length != labels.count()) {
            throw BadGraph.of("intercepts of %s: %d (expected: %d)", node, intercepts.length, labels.count());
        }
        Value.Floats scores = scores(node, plan, intercepts);
        if (intercepts.length == 1) {
            int score = scores.offset();
            labels.define(plan, memory -> labels.count() == 2 && memory[score] > 0 ? 1 : 0);
        } else {
            labels.define(plan, ClassLabels.greatest(scores));
        }
        if (node.hasOutput(1)) {
            boolean isPair = intercepts.length == 1 && labels.count() == 2;
            plan.define(node.output(1), isPair ? complemented(plan, scores) : transform.apply(plan, scores));
        }
    }

    private static void regress(GraphNode node, PlanBuilder plan) {
        long targets = node.integer("targets", 1);
        float[] intercepts = node.finiteNumbers("intercepts");
        if (targets < 1 || targets > Shapes.MAX_SIZE || (intercepts.length != 0 && intercepts.length != targets)) {
            throw BadGraph.of("intercepts of %s: %d for %d targets", node, intercepts.length, targets);
        }
        PostTransform transform = PostTransform.of(node);
        if (targets == 1 && transform != PostTransform.NONE) {
            throw node.unsupported("post_transform %s of one score", transform);
        }
        float[] bias = intercepts.length == 0 ? new float[(int) targets] : intercepts;
        plan.define(node.output(0), transform.apply(plan, scores(node, plan, bias)));
    }

    /** Returns the raw scores [1, targets]; the attribute holds the coefficients of one target after the other. */
    private static Value.Floats scores(GraphNode node, PlanBuilder plan, float[] bias) {
        float[] coefficients = node.finiteNumbers("coefficients");
        int columns = node.columnCount(0);
        int targets = bias.length;
        if (coefficients.length != (long) targets * columns) {
            throw BadGraph.of(
                    "coefficients of %s: %d (expected: %d targets x %d columns)",
                    node, coefficients.length, targets, columns);
        }
        float[] weights = new float[coefficients.length];
        for (int target = 0; target < targets; target++) {
            for (int column = 0; column < columns; column++) {
                weights[column * targets + target] = coefficients[target * columns + column];
            }
        }
        return DenseOperators.dense(node, plan, weights, bias);
    }

    /** Returns 1 - s and s of one score s. */
    static Value.Floats complemented(PlanBuilder plan, Value.Floats score) {
        Value.Floats to = plan.allocate(new int[] {1, 2});
        int in = score.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            memory[out] = 1 - memory[in];
            memory[out + 1] = memory[in];
        });
        return to;
    }
}
