package io.foresell.model.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A file whose probabilities can be calibrated after it was written: the new nodes follow the old answer. Immutable. */
public final class CalibratedGraph {
    private final ModelProto model;
    private final Answer answer;
    private final String output;
    private final String uncalibrated;

    private CalibratedGraph(ModelProto model, Answer answer) {
        this.model = model;
        this.answer = answer;
        Set<String> outputs = model.getGraph().getOutputList().stream()
                .map(value -> value.getName())
                .collect(Collectors.toSet());
        if (!outputs.contains(answer.output()) && outputs.size() != 1) {
            throw new IllegalArgumentException("outputs: %s (expected: %s)".formatted(outputs, answer.output()));
        }
        this.output = outputs.contains(answer.output())
                ? answer.output()
                : outputs.iterator().next();
        this.uncalibrated = free("uncalibrated");
    }

    /**
     * Takes a file of this project's writers.
     *
     * @param answer BINARY or MULTICLASS
     */
    public static CalibratedGraph of(byte[] onnx, Answer answer) {
        if (answer.task() != Task.BINARY && answer.task() != Task.MULTICLASS) {
            throw new IllegalArgumentException("task %s (expected: binary or multiclass)".formatted(answer.task()));
        }
        try {
            return new CalibratedGraph(ModelProto.parseFrom(onnx), answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("the file is no ONNX graph", e);
        }
    }

    private String free(String wish) {
        boolean isTaken = model.getGraph().getInputList().stream()
                        .anyMatch(input -> input.getName().equals(wish))
                || model.getGraph().getNodeList().stream()
                        .anyMatch(node -> node.getOutputList().contains(wish));
        return isTaken ? free(wish + "_") : wish;
    }

    /** Returns whether the answer is the sigmoid of log-odds, which a calibration can then read at full precision. */
    public boolean hasLogOdds() {
        return answer.task() == Task.BINARY
                && model.getGraph().getNodeList().stream().anyMatch(this::isLastSigmoid);
    }

    private boolean isLastSigmoid(NodeProto node) {
        return node.getOpType().equals("Sigmoid") && node.getOutput(0).equals(output);
    }

    /**
     * Returns the calibrated file.
     *
     * @param calibrations one of two classes; of several one per class, after which they are scaled to a sum of 1
     * @param readsLogOdds whether calibrations read log-odds, see {@link #hasLogOdds}, or probabilities
     */
    public byte[] write(List<Calibration> calibrations, boolean readsLogOdds) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        String value = uncalibrated;
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (readsLogOdds && isLastSigmoid(node)) {
                value = node.getInput(0);
            } else {
                graph.addNode(renamed(node));
            }
        }
        GraphBuilder builder = new GraphBuilder(model.toBuilder()
                .setGraph(model.getGraph().toBuilder().clearNode().clearOutput().addAllNode(graph.getNodeList()))
                .build());
        return head(calibrations, readsLogOdds).finish(builder, value, answer.width());
    }

    private Head head(List<Calibration> calibrations, boolean readsLogOdds) {
        if (answer.task() == Task.MULTICLASS) {
            return Head.multiclassOfProbabilities(calibrations);
        }
        Parameters.requireLength("calibrations", calibrations.size(), 1);
        return readsLogOdds ? Head.binary(calibrations.get(0)) : Head.binaryOfProbability(calibrations.get(0));
    }

    /** The old answer keeps its nodes under another name. */
    private NodeProto renamed(NodeProto node) {
        NodeProto.Builder renamed = node.toBuilder();
        for (int i = 0; i < node.getInputCount(); i++) {
            renamed.setInput(i, node.getInput(i).equals(output) ? uncalibrated : node.getInput(i));
        }
        for (int i = 0; i < node.getOutputCount(); i++) {
            renamed.setOutput(i, node.getOutput(i).equals(output) ? uncalibrated : node.getOutput(i));
        }
        return renamed.build();
    }
}
