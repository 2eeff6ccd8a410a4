package io.foresell.model.scorer;

import java.util.Map;

/**
 * SVMClassifier and SVMRegressor of ai.onnx.ml: LIBSVM's machines. A classifier decides between each pair of classes; with prob_a
 * and prob_b these decisions become probabilities. A linear kernel is multiplied out when the plan is built.
 */
final class SvmOperators {
    private SvmOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.SVMClassifier", (node, plan) -> new SvmClassifier(node, plan).compile());
        operators.put("ai.onnx.ml.SVMRegressor", SvmOperators::regress);
    }

    private static void regress(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        int columns = node.columnCount(0);
        if (PostTransform.of(node) != PostTransform.NONE) {
            throw node.unsupported("post_transform %s", PostTransform.of(node));
        }
        float[] coefficients = node.finiteNumbers("coefficients");
        float[] rho = node.finiteNumbers("rho");
        long supports = node.integer("n_supports", 0);
        int expected = supports > 0 ? (int) Math.min(supports, Integer.MAX_VALUE) : columns;
        if (coefficients.length != expected || rho.length != 1) {
            throw BadGraph.of(
                    "coefficients and rho of %s: %d and %d (expected: %d and 1)",
                    node, coefficients.length, rho.length, expected);
        }
        Value.Floats score = supports > 0
                ? supported(node, plan, coefficients, rho)
                : DenseOperators.dense(node, plan, coefficients, rho);
        plan.define(node.output(0), node.integer("one_class", 0) == 0 ? score : signs(plan, score));
    }

    private static Value.Floats supported(GraphNode node, PlanBuilder plan, float[] coefficients, float[] rho) {
        SupportVectors vectors = SupportVectors.of(node, coefficients.length, node.columnCount(0));
        if (vectors.isLinear()) {
            double[] exact = new double[coefficients.length];
            for (int i = 0; i < exact.length; i++) {
                exact[i] = coefficients[i];
            }
            return DenseOperators.dense(node, plan, toFloats(vectors.weights(exact)), rho);
        }
        Value.Floats from = node.columns(0);
        Value.Floats to = plan.allocate(new int[] {1, 1});
        plan.spend((long) vectors.count() * (from.size() + 20));
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            float[] kernels = Scratch.ofThread().work(coefficients.length);
            vectors.kernels(memory, in, kernels);
            double sum = rho[0];
            for (int i = 0; i < coefficients.length; i++) {
                sum += (double) coefficients[i] * kernels[i];
            }
            memory[out] = (float) sum;
        });
        return to;
    }

    private static Value.Floats signs(PlanBuilder plan, Value.Floats score) {
        Value.Floats to = plan.allocate(score.shape());
        int in = score.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> memory[out] = memory[in] > 0 ? 1 : -1);
        return to;
    }

    static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
