package io.foresell.model.scorer;

import io.foresell.model.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Computes a node whose inputs are all constants when the plan is built, by a plan of its own that runs once. */
final class ConstantFolding {
    private ConstantFolding() {}

    /** Defines the outputs of such a node as constants; returns false when it is another node. */
    static boolean fold(
            NodeProto proto,
            List<@Nullable Value> inputs,
            Predicate<String> isLive,
            Operators.Operator operator,
            PlanBuilder plan) {
        if (inputs.isEmpty() || inputs.stream().anyMatch(input -> input != null && !isNumeric(input))) {
            return false;
        }
        // What an operator takes as data and what as a constant it alone knows: shapes and axes come second.
        for (int computed = inputs.size(); computed > 0; computed = computed == 1 ? 0 : 1) {
            try {
                PlanBuilder once = PlanBuilder.once(plan.signature());
                List<@Nullable Value> values = new ArrayList<>();
                for (int i = 0; i < inputs.size(); i++) {
                    Value value = inputs.get(i);
                    values.add(value == null || i >= computed ? value : once.written(value));
                }
                operator.compile(new GraphNode(proto, values, isLive), once);
                define(proto, isLive, once, plan);
                return true;
            } catch (UnsupportedOperatorException e) {
                // Not with these inputs computed.
            }
        }
        return false;
    }

    private static boolean isNumeric(Value value) {
        return value instanceof Value.FloatConstant || value instanceof Value.IntConstant;
    }

    private static void define(NodeProto proto, Predicate<String> isLive, PlanBuilder once, PlanBuilder plan) {
        List<Value> results = new ArrayList<>();
        for (String output : proto.getOutputList()) {
            Value found = isLive.test(output) ? once.find(output) : null;
            if (found instanceof EncodedColumns columns) {
                found = columns.floats();
            }
            if (isLive.test(output) && (found == null || found instanceof Value.Texts)) {
                throw new UnsupportedOperatorException(GraphNode.operatorOf(proto), "constant inputs");
            }
            results.add(found == null ? new Value.IntConstant(new long[0], new int[] {0}) : found);
        }
        float[] memory = new float[once.memorySize()];
        once.steps().forEach(step -> step.run(memory, new String[0], 0));
        for (int i = 0; i < results.size(); i++) {
            String output = proto.getOutput(i);
            if (isLive.test(output)) {
                plan.define(output, constant(results.get(i), once, memory));
            }
        }
    }

    private static Value constant(Value value, PlanBuilder once, float[] memory) {
        if (!(value instanceof Value.Floats floats)) {
            return value;
        }
        float[] values = new float[floats.size()];
        System.arraycopy(memory, floats.offset(), values, 0, values.length);
        if (!once.isInteger(floats)) {
            return new Value.FloatConstant(values, floats.shape());
        }
        long[] integers = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (long) values[i];
        }
        return new Value.IntConstant(integers, floats.shape());
    }
}
