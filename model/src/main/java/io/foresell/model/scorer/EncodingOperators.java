package io.foresell.model.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Operators of ai.onnx.ml that turn raw inputs into model columns. */
final class EncodingOperators {
    private EncodingOperators() {}

    static void register(Map<String, Operators.Operator> operators) {
        operators.put("ai.onnx.ml.Imputer", EncodingOperators::impute);
        operators.put("ai.onnx.ml.Scaler", EncodingOperators::scale);
        operators.put("ai.onnx.ml.OneHotEncoder", EncodingOperators::encode);
    }

    private static void impute(GraphNode node, PlanBuilder plan) {
        Value.Floats from = node.floats(0);
        // NaN as a fill keeps a missing value missing.
        float[] fills = perColumn(node, "imputed_value_floats", node.numbers("imputed_value_floats"), from);
        float replaced = node.number("replaced_value_float", Float.NaN);
        node.requireOnlyOutput();
        if (Float.isNaN(replaced)) {
            plan.define(node.output(0), scaled(plan, from, fills, filled(from.size(), 0), filled(from.size(), 1)));
            return;
        }
        Value.Floats to = plan.allocate(from.shape(), from.sources());
        plan.define(node.output(0), to);
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> {
            for (int i = 0; i < fills.length; i++) {
                float x = memory[in + i];
                memory[out + i] = x == replaced ? fills[i] : x;
            }
        });
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

    private static void encode(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        List<String> categories = node.texts("cats_strings");
        if (categories.isEmpty() || node.integer("zeros", 1) != 1) {
            throw node.unsupported("categories that are not texts, or an error for unknown ones");
        }
        Map<String, Integer> positions = new HashMap<>();
        for (int i = 0; i < categories.size(); i++) {
            if (positions.put(categories.get(i), i) != null) {
                throw BadGraph.of("category %s of %s: given twice", categories.get(i), node);
            }
        }
        Value.Texts from = node.texts(0);
        int width = categories.size();
        int[] shape = Arrays.copyOf(from.shape(), from.rank() + 1);
        shape[from.rank()] = width;
        int[] sources = new int[Shapes.size(shape)];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = from.sources()[i / width];
        }
        List<ColumnPart> parts = new ArrayList<>();
        for (int place : from.places()) {
            parts.add(new ColumnPart.OneHot(place, positions, width));
        }
        plan.define(node.output(0), new EncodedColumns(plan, parts, shape, sources));
    }
}
