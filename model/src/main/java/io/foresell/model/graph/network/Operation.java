package io.foresell.model.graph.network;

import io.foresell.model.graph.EncodingNodes;
import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** What one step of a network does. */
sealed interface Operation permits Source, Operation.Applied, Operation.Joined, Operation.Merged {
    /** Writes its nodes; the output wire is empty and has its shape. */
    void write(EncodingNodes encoding, List<Wire> inputs, Wire output);

    /** Is a layer. */
    record Applied(Layer layer) implements Operation {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            layer.write(inputs.get(0), output);
        }
    }

    /** Puts values beside each other. */
    record Joined() implements Operation {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            output.set(output.graph().concat(inputs.stream().map(Wire::name).toList()));
        }
    }

    /** Makes one value of several, number by number. */
    record Merged(Merging how) implements Operation {
        @Override
        public void write(EncodingNodes encoding, List<Wire> inputs, Wire output) {
            GraphBuilder graph = output.graph();
            Wire.Order order = inputs.get(0).anyOrder();
            String merged = inputs.get(0).name(order);
            for (Wire input : inputs.subList(1, inputs.size())) {
                merged = graph.node(operator(), List.of(merged, input.name(order)));
            }
            if (how == Merging.MEAN) {
                String share = graph.constant("share", new float[] {1f / inputs.size()}, 1);
                merged = graph.node("Mul", List.of(merged, share));
            }
            output.set(order, merged);
        }

        private String operator() {
            return switch (how) {
                case SUM, MEAN -> "Add";
                case PRODUCT -> "Mul";
                case DIFFERENCE -> "Sub";
                case MAX -> "Max";
            };
        }
    }
}
