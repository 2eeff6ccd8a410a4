package io.foresell.model.scorer;

import io.foresell.model.kernel.Functions;
import io.foresell.model.kernel.Kernels;
import java.util.Map;

/** Activations of networks with their parameters. */
final class ActivationOperators {
    private static final float SELU_ALPHA = 1.6732632f;
    private static final float SELU_GAMMA = 1.050701f;
    private static final float HALF_ROOT = 0.70710677f;
    // sqrt(2 / pi), of the approximation of GELU with tanh.
    private static final float GELU_SCALE = 0.7978846f;
    private static final float GELU_CUBE = 0.044715f;

    private ActivationOperators() {}

    /** Makes the function of a node's attributes. */
    @FunctionalInterface
    private interface Parametrised {
        ElementOperators.Unary of(GraphNode node);
    }

    static void register(Map<String, Operators.Operator> operators) {
        put(operators, "LeakyRelu", node -> {
            float alpha = parameter(node, "alpha", 0.01f);
            return x -> x < 0 ? alpha * x : x;
        });
        put(operators, "Elu", node -> elu(parameter(node, "alpha", 1), 1));
        put(operators, "Selu", node -> elu(parameter(node, "alpha", SELU_ALPHA), parameter(node, "gamma", SELU_GAMMA)));
        put(operators, "Celu", node -> {
            float alpha = parameter(node, "alpha", 1);
            return x -> Math.max(0, x) + Math.min(0, (float) (alpha * Math.expm1(x / alpha)));
        });
        put(operators, "ThresholdedRelu", node -> {
            float alpha = parameter(node, "alpha", 1);
            return x -> x > alpha ? x : 0;
        });
        put(operators, "HardSigmoid", node -> {
            float alpha = parameter(node, "alpha", 0.2f);
            float beta = parameter(node, "beta", 0.5f);
            return x -> Math.max(0, Math.min(1, alpha * x + beta));
        });
        put(operators, "HardSwish", node -> x -> x * Math.max(0, Math.min(1, x / 6 + 0.5f)));
        put(operators, "Softsign", node -> x -> x / (1 + Math.abs(x)));
        put(operators, "Softplus", node -> ActivationOperators::softplus);
        put(operators, "Mish", node -> x -> x * Functions.tanh(softplus(x)));
        operators.put("Gelu", ActivationOperators::gelu);
        operators.put("PRelu", ActivationOperators::slopes);
    }

    private static void put(Map<String, Operators.Operator> operators, String name, Parametrised function) {
        operators.put(
                name,
                (node, plan) -> plan.define(node.output(0), ElementOperators.unary(node, plan, function.of(node))));
    }

    private static float parameter(GraphNode node, String name, float absent) {
        float value = node.number(name, absent);
        if (!Float.isFinite(value)) {
            throw BadGraph.of("%s of %s: %s (expected: a finite number)", name, node, value);
        }
        return value;
    }

    private static ElementOperators.Unary elu(float alpha, float gamma) {
        return x -> x < 0 ? (float) (gamma * alpha * Math.expm1(x)) : gamma * x;
    }

    /** Returns log(1 + e^x) without overflow. */
    private static float softplus(float x) {
        return (float) (Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))));
    }

    /** Returns x times the normal distribution's mass below x: x (1 + erf(x / sqrt(2))) / 2, or its approximation. */
    private static void gelu(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        boolean isApproximate = node.text("approximate", "none").equals("tanh");
        Value.Floats from = node.floats(0);
        Value.Floats to = plan.allocate(from.shape(), from.sources());
        int in = from.offset();
        int out = to.offset();
        int size = from.size();
        Kernels kernels = Kernels.best();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < size; i++) {
                float x = memory[in + i];
                memory[out + i] = isApproximate ? GELU_SCALE * (x + GELU_CUBE * x * x * x) : HALF_ROOT * x;
            }
            if (isApproximate) {
                kernels.tanh(memory, out, size, memory, out);
            } else {
                kernels.erf(memory, out, size, memory, out);
            }
            for (int i = 0; i < size; i++) {
                memory[out + i] = 0.5f * memory[in + i] * (1 + memory[out + i]);
            }
        });
        plan.define(node.output(0), plan.withBatchAxis(to, plan.batchAxis(from)));
    }

    private static void slopes(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        plan.define(
                node.output(0),
                ElementOperators.withConstant(
                        plan, from, node.floatConstant(1), (x, slope) -> x < 0 ? slope * x : x, "PRelu", false));
    }
}
