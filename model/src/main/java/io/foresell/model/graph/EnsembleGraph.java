package io.foresell.model.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.OperatorSetIdProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several files as one: each reads the raw inputs in its own way, and their answers are averaged or stacked. Unlike {@link
 * EnsembleModel} the parts need no encoded columns in common, so a network can stand beside trees. One use, one thread.
 */
public final class EnsembleGraph {
    private final List<String> answers = new ArrayList<>();
    private final Answer answer;
    private final GraphBuilder graph;

    private EnsembleGraph(List<byte[]> parts, Answer answer) {
        if (parts.isEmpty() || !suits(answer.task())) {
            throw new IllegalArgumentException(
                    "%d parts for task %s (expected: 1 or more for binary, multiclass or regression)"
                            .formatted(parts.size(), answer.task()));
        }
        this.answer = answer;
        ModelProto.Builder merged = ModelProto.newBuilder();
        Map<String, ValueInfoProto> inputs = new LinkedHashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            merge(parts.get(i), "part%d/".formatted(i + 1), merged, inputs);
        }
        merged.getGraphBuilder().setName("foresell").addAllInput(inputs.values());
        this.graph = new GraphBuilder(merged.build());
    }

    private static boolean suits(Task task) {
        return task == Task.BINARY || task == Task.MULTICLASS || task == Task.REGRESSION;
    }

    /**
     * Returns the file of the weighted mean of the answers.
     *
     * @param parts files of this project's writers that all answer so; their inputs may differ
     * @param weights one per part, 0 or more, with a sum above 0
     */
    public static byte[] mean(List<byte[]> parts, Answer answer, double[] weights) {
        Parameters.requireLength("weights of parts", weights.length, parts.size());
        double sum = Arrays.stream(weights).sum();
        if (!(sum > 0) || Arrays.stream(weights).anyMatch(weight -> !(weight >= 0))) {
            throw new IllegalArgumentException("weights of parts: %s (expected: 0 or more, one of them above 0)"
                    .formatted(Arrays.toString(weights)));
        }
        EnsembleGraph ensemble = new EnsembleGraph(parts, answer);
        double total = sum;
        double[] shares = Arrays.stream(weights).map(weight -> weight / total).toArray();
        String mean = weightedSum(ensemble.graph, ensemble.answers, shares);
        return ensemble.headOfAnswers().finish(ensemble.graph, mean, answer.width());
    }

    private static String weightedSum(GraphBuilder graph, List<String> values, double[] weights) {
        float[] factors = Parameters.floats("weights of parts", weights);
        String sum = "";
        for (int i = 0; i < factors.length; i++) {
            String factor = graph.constant("weight", new float[] {factors[i]}, 1);
            String part = graph.node("Mul", List.of(values.get(i), factor));
            sum = i == 0 ? part : graph.node("Add", List.of(sum, part));
        }
        return sum;
    }

    /**
     * Returns the file of a weighted sum: of log-odds, of the logarithms of the probabilities of each class, or of values. Probabilities
     * are kept in [{@link Calibration#LEAST_PROBABILITY}, 1 - {@link Calibration#LEAST_PROBABILITY}] first.
     *
     * @param parts files of this project's writers that all answer so; their inputs may differ
     * @param weights one per part
     * @param intercepts one per float of the answer
     */
    public static byte[] stacked(List<byte[]> parts, Answer answer, double[] weights, double[] intercepts) {
        Parameters.requireLength("weights of parts", weights.length, parts.size());
        Parameters.requireLength("intercepts", intercepts.length, answer.width());
        EnsembleGraph ensemble = new EnsembleGraph(parts, answer);
        GraphBuilder graph = ensemble.graph;
        CalibrationNodes nodes = new CalibrationNodes(graph, false);
        List<String> scores = new ArrayList<>();
        for (String part : ensemble.answers) {
            scores.add(
                    switch (answer.task()) {
                        case BINARY -> nodes.logit(part);
                        case MULTICLASS -> graph.node("Log", List.of(nodes.inside(part)));
                        case REGRESSION, CLUSTERS, RANKING -> part;
                    });
        }
        String offset = graph.constant("bias", Parameters.floats("intercepts", intercepts), intercepts.length);
        String sums = graph.node("Add", List.of(weightedSum(graph, scores, weights), offset));
        return ensemble.headOfScores().finish(graph, sums, answer.width());
    }

    private Head headOfAnswers() {
        return switch (answer.task()) {
            case BINARY -> Head.binaryOfProbability(Calibration.NONE);
            case MULTICLASS -> Head.multiclassOfProbabilities(List.of());
            case REGRESSION, CLUSTERS, RANKING -> Head.regression();
        };
    }

    private Head headOfScores() {
        return switch (answer.task()) {
            case BINARY -> Head.binary(Calibration.NONE);
            case MULTICLASS -> Head.multiclass(List.of());
            case REGRESSION, CLUSTERS, RANKING -> Head.regression();
        };
    }

    /** Adds the nodes and constants of a part, all values but the inputs under names of its own. */
    private void merge(byte[] onnx, String prefix, ModelProto.Builder merged, Map<String, ValueInfoProto> inputs) {
        ModelProto part;
        try {
            part = ModelProto.parseFrom(onnx);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(prefix + " is no ONNX graph", e);
        }
        GraphProto from = part.getGraph();
        Map<String, String> own = new LinkedHashMap<>();
        for (ValueInfoProto input : from.getInputList()) {
            own.put(input.getName(), input.getName());
            ValueInfoProto first = inputs.putIfAbsent(input.getName(), input);
            if (first != null && !first.equals(input)) {
                throw new IllegalArgumentException(
                        "input %s: two kinds in two parts (expected: one)".formatted(input.getName()));
            }
        }
        own.put("", "");
        GraphProto.Builder to = merged.getGraphBuilder();
        for (TensorProto tensor : from.getInitializerList()) {
            to.addInitializer(tensor.toBuilder().setName(prefix + tensor.getName()));
        }
        for (NodeProto node : from.getNodeList()) {
            NodeProto.Builder renamed = node.toBuilder().setName(prefix + node.getName());
            for (int i = 0; i < node.getInputCount(); i++) {
                renamed.setInput(i, own.getOrDefault(node.getInput(i), prefix + node.getInput(i)));
            }
            for (int i = 0; i < node.getOutputCount(); i++) {
                renamed.setOutput(i, own.getOrDefault(node.getOutput(i), prefix + node.getOutput(i)));
            }
            to.addNode(renamed);
        }
        String output = outputOf(from);
        answers.add(own.getOrDefault(output, prefix + output));
        keepNewest(part, merged);
    }

    private String outputOf(GraphProto part) {
        List<String> names =
                part.getOutputList().stream().map(ValueInfoProto::getName).toList();
        if (names.contains(answer.output())) {
            return answer.output();
        }
        if (names.size() != 1) {
            throw new IllegalArgumentException("outputs: %s (expected: %s)".formatted(names, answer.output()));
        }
        return names.get(0);
    }

    /** Nodes of this project's writers mean the same in every version that the writers use. */
    private static void keepNewest(ModelProto part, ModelProto.Builder merged) {
        merged.setIrVersion(Math.max(merged.getIrVersion(), part.getIrVersion()))
                .setProducerName(part.getProducerName());
        for (OperatorSetIdProto operators : part.getOpsetImportList()) {
            boolean isFound = false;
            for (OperatorSetIdProto.Builder known : merged.getOpsetImportBuilderList()) {
                if (known.getDomain().equals(operators.getDomain())) {
                    known.setVersion(Math.max(known.getVersion(), operators.getVersion()));
                    isFound = true;
                }
            }
            if (!isFound) {
                merged.addOpsetImport(operators);
            }
        }
    }
}
