package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators of ai.onnx.ml that fill and scale numbers. */
final class EncodingOperators {
    private EncodingOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.Imputer", EncodingOperators::impute);
        operators.put("ai.onnx.ml.Scaler", EncodingOperators::scale);
    }

    private static void impute(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.floats(0);
        if (node.has("imputed_value_int64s")) {
            imputeIntegers(node, plan, from);
            return;
        }
        // NaN as a fill keeps a missing value missing.
        float[] fills = perColumn(node, "imputed_value_floats", node.numbers("imputed_value_floats"), from);
        float replaced = node.number("replaced_value_float", 0);
        node.requireOnlyOutput();
        if (Float.isNaN(replaced)) {
            plan.define(node.output(0), scaled(plan, from, fills, filled(from.size(), 0), filled(from.size(), 1)));
            return;
        }
        plan.define(node.output(0), replaced(plan, from, replaced, fills));
    }

    private static void imputeIntegers(GraphNode node, PlanBuilder plan, Value.Floats from) {
        node.requireOnlyOutput();
        long[] integers = node.longs("imputed_value_int64s");
        float[] fills = new float[integers.length];
        for (int i = 0; i < fills.length; i++) {
            fills[i] = node.exact(integers[i]);
        }
        float replaced = node.exact(node.integer("replaced_value_int64", 0));
        plan.define(
                node.output(0),
                plan.integers(replaced(plan, from, replaced, perColumn(node, "imputed_value_int64s", fills, from))));
    }

    private static Value.Floats replaced(PlanBuilder plan, Value.Floats from, float replaced, float[] fills) {
        Value.Floats to = plan.allocate(from.shape(), from.sources());
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < fills.length; i++) {
                float x = memory[in + i];
                memory[out + i] = x == replaced ? fills[i] : x;
            }
        });
        return to;
    }

    private static void scale(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        EncodedColumns imputed = node.encodedColumns(0);
        // Behind an imputer that nothing has scaled yet, both become one step.
        boolean isFused = imputed != null
                && imputed.parts().get(0) instanceof ColumnPart.Scaled first
                && imputed.parts().size() == 1
                && first.isUnscaled();
        Value from = isFused && imputed != null ? imputed : node.floats(0);
        float[] offsets = perColumn(node, "offset", node.finiteNumbers("offset"), from);
        float[] scales = perColumn(node, "scale", node.finiteNumbers("scale"), from);
        plan.define(
                node.output(0),
                isFused && imputed != null
                        ? imputed.rescaled(offsets, scales)
                        : scaled(plan, node.floats(0), filled(from.size(), Float.NaN), offsets, scales));
    }

    private static EncodedColumns scaled(
            PlanBuilder plan, Value.Floats from, float[] fills, float[] offsets, float[] scales) {
        int[] places = new int[from.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = from.offset() + i;
        }
        return new EncodedColumns(
                plan, List.of(new ColumnPart.Scaled(places, fills, offsets, scales)), from.shape(), from.sources());
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }

    /** Spreads one value over all columns, or checks that there is one per column. */
    private static float[] perColumn(GraphNode node, String name, float[] values, Value from) {
        if (values.length != 1 && values.length != from.size()) {
            throw BadGraph.of("%s of %s: %d values (expected: 1 or %d)", name, node, values.length, from.size());
        }
        if (values.length == from.size()) {
            return values;
        }
        float[] spread = new float[from.size()];
        Arrays.fill(spread, values[0]);
        return spread;
    }
}
