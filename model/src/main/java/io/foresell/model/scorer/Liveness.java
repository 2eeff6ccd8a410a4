package io.foresell.model.scorer;

import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Finds the values that an output needs; what a graph computes besides it (labels, ranks) is not compiled. */
final class Liveness {
    private final Set<String> live = new HashSet<>();
    private final Map<String, NodeProto> writers = new HashMap<>();
    private final Map<String, Integer> readers = new HashMap<>();

    /**
     * Checks that every node reads what is written before it, so that no cycle can be expressed, and walks back from the output.
     *
     * @param given the names of inputs and constants
     */
    Liveness(GraphProto graph, Set<String> given, String output) {
        Set<String> written = new HashSet<>(given);
        for (NodeProto node : graph.getNodeList()) {
            for (String name : node.getInputList()) {
                if (!name.isEmpty() && !written.contains(name)) {
                    throw BadGraph.of(
                            "value %s: read by %s before it is written (expected: topological order, no cycle)",
                            name, node.getOpType());
                }
            }
            for (String name : node.getOutputList()) {
                if (!name.isEmpty() && !written.add(name)) {
                    throw BadGraph.of("value %s: defined twice", name);
                }
                writers.put(name, node);
            }
        }
        if (!written.contains(output)) {
            throw BadGraph.of("output %s: missing (expected: written by a node)", output);
        }
        walk(output);
        readers.put(output, 1);
        for (NodeProto node : graph.getNodeList()) {
            if (isLive(node)) {
                node.getInputList().forEach(name -> readers.merge(name, 1, Integer::sum));
            }
        }
    }

    private void walk(String output) {
        Deque<String> open = new ArrayDeque<>();
        open.add(output);
        while (!open.isEmpty()) {
            String name = open.remove();
            if (name.isEmpty() || !live.add(name)) {
                continue;
            }
            NodeProto writer = writers.get(name);
            if (writer != null) {
                open.addAll(writer.getInputList());
            }
        }
    }

    /** Returns whether the output needs the value. */
    boolean isLive(String name) {
        return live.contains(name);
    }

    /** Returns how often live nodes read the value, and one more when it is the output. */
    int readers(String name) {
        return readers.getOrDefault(name, 0);
    }

    /** Returns whether the output needs any value that the node writes. */
    boolean isLive(NodeProto node) {
        return node.getOutputList().stream().anyMatch(this::isLive);
    }
}
