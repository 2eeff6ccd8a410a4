package io.foresell.model.graph.network;

import io.foresell.model.Signature;
import io.foresell.model.graph.EncodingNodes;
import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Preprocessing;
import java.util.ArrayList;
import java.util.List;

/** A fitted network from raw inputs to scores: a checked, acyclic list of steps. Immutable. */
public final class Network {
    /**
     * What is computed, of what.
     *
     * @param inputs indexes of earlier steps
     */
    record Step(Operation operation, List<Integer> inputs, Shape shape) {}

    private final Preprocessing preprocessing;
    private final List<Step> steps;
    private final int scores;

    Network(Preprocessing preprocessing, List<Step> steps, int scores) {
        this.preprocessing = preprocessing;
        this.steps = List.copyOf(steps);
        this.scores = scores;
    }

    /** Returns the raw inputs. */
    public Signature signature() {
        return preprocessing.signature();
    }

    /** Returns the number of scores. */
    public int width() {
        return steps.get(scores).shape().size();
    }

    /** Returns the network as ONNX, its scores made an answer by the head. Steps that no score needs are left out. */
    public byte[] onnx(Head head) {
        GraphBuilder graph = new GraphBuilder(signature());
        EncodingNodes encoding = new EncodingNodes(preprocessing, graph);
        boolean[] isNeeded = needed();
        List<Wire> wires = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            Wire wire = new Wire(graph, step.shape(), isOnlyLastStepRead(i, isNeeded));
            wires.add(wire);
            if (isNeeded[i]) {
                step.operation()
                        .write(encoding, step.inputs().stream().map(wires::get).toList(), wire);
            }
        }
        return head.finish(graph, wires.get(scores).name(), width());
    }

    private boolean[] needed() {
        boolean[] isNeeded = new boolean[steps.size()];
        isNeeded[scores] = true;
        for (int i = scores; i >= 0; i--) {
            if (isNeeded[i]) {
                steps.get(i).inputs().forEach(input -> isNeeded[input] = true);
            }
        }
        return isNeeded;
    }

    private boolean isOnlyLastStepRead(int index, boolean[] isNeeded) {
        for (int i = index + 1; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean isLastStep =
                    step.operation() instanceof Operation.Applied applied && applied.layer() instanceof LastStep;
            if (isNeeded[i] && step.inputs().contains(index) && !isLastStep) {
                return false;
            }
        }
        return true;
    }
}
