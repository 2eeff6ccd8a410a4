package io.foresell.model.adopt;

import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps the values of a graph apart from columns of the same names: a column keeps its name, an inner value gets another. */
final class Names {
    private final Set<String> taken = new HashSet<>();
    private final Map<String, String> renamed = new HashMap<>();

    Names(GraphProto graph, Set<String> columns) {
        Set<String> inner = new HashSet<>();
        graph.getInputList().forEach(input -> inner.add(input.getName()));
        graph.getInitializerList().forEach(tensor -> inner.add(tensor.getName()));
        graph.getNodeList().forEach(node -> inner.addAll(node.getOutputList()));
        taken.addAll(inner);
        taken.addAll(columns);
        for (String column : columns) {
            if (inner.contains(column)) {
                if (ForeignGraph.hasSubgraphs(graph)) {
                    throw new IllegalArgumentException(
                            "column %s: a value of the graph has this name (expected: another column name)"
                                    .formatted(column));
                }
                renamed.put(column, fresh(column));
            }
        }
    }

    /** Returns a free name that starts with the wish. */
    String fresh(String wish) {
        String name = wish;
        while (!taken.add(name)) {
            name += "_";
        }
        return name;
    }

    /** Returns the name that a value of the old graph has in the new one. */
    String inner(String name) {
        return renamed.getOrDefault(name, name);
    }

    NodeProto renamed(NodeProto node) {
        if (renamed.isEmpty()) {
            return node;
        }
        NodeProto.Builder builder = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            builder.setInput(i, inner(node.getInput(i)));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            builder.setOutput(i, inner(node.getOutput(i)));
        }
        return builder.build();
    }
}
