package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;

/** A cell that walks over the steps of a sequence, oldest first, from a state of zeros; leaves its state of every step. */
public abstract sealed class Recurrent extends Layer permits Lstm, SimpleRnn {
    final int channels;
    final int units;
    final float[] inputWeights;
    final float[] recurrentWeights;
    final float[] bias;

    /**
     * Checks the weights that all cells have.
     *
     * @param gates number of blocks of units
     * @param inputWeights row-major, shape [gates * units, channels]
     * @param recurrentWeights row-major, shape [gates * units, units]
     * @param bias shape [gates * units]
     */
    Recurrent(int gates, int channels, int units, float[] inputWeights, float[] recurrentWeights, float[] bias) {
        Weights.require("recurrent layer's input weights", inputWeights, gates, units, channels);
        Weights.require("recurrent layer's recurrent weights", recurrentWeights, gates, units, units);
        Weights.require("recurrent layer's bias", bias, gates, units);
        this.channels = channels;
        this.units = units;
        this.inputWeights = inputWeights;
        this.recurrentWeights = recurrentWeights;
        this.bias = bias;
    }

    /** Returns ONNX's name of the cell. */
    abstract String operator();

    /** Returns the names of its functions in ONNX's order; empty when they are the ones that ONNX takes by itself. */
    abstract List<String> activations();

    /** Returns weights from the cell's memory to its gates, in ONNX's order; empty when it has none. */
    abstract float[] peepholes();

    @Override
    public final Shape outputShape(Shape input) {
        return requireSequence(input, channels).withChannels(units);
    }

    @Override
    final void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        if (output.isOnlyLastStepRead()) {
            String state = graph.secondOutput(operator(), inputs(input, List.of(this)), attributes(List.of(this)));
            output.setLastStep(graph.node("Squeeze", List.of(state, graph.constant("direction", 0))));
            return;
        }
        // [length, directions, N, units]
        String states = graph.node(operator(), inputs(input, List.of(this)), attributes(List.of(this)));
        output.set(Wire.Order.TIME_FIRST, graph.node("Squeeze", List.of(states, graph.constant("direction", 1))));
    }

    /** Returns whether two cells can share one node: equal but for their weights. */
    final boolean isLike(Recurrent other) {
        return getClass() == other.getClass()
                && channels == other.channels
                && units == other.units
                && activations().equals(other.activations())
                && peepholes().length == other.peepholes().length;
    }

    /** Returns the node's inputs for one cell, or for two: the second walks from the newest step to the oldest. */
    static List<String> inputs(Wire input, List<Recurrent> cells) {
        GraphBuilder graph = input.graph();
        Recurrent first = cells.get(0);
        int directions = cells.size();
        int rows = first.bias.length;
        List<float[]> biases = new ArrayList<>();
        for (Recurrent cell : cells) {
            // ONNX adds an input and a recurrent bias; ours is one, the other zeros.
            biases.add(cell.bias);
            biases.add(new float[rows]);
        }
        List<String> inputs = new ArrayList<>();
        inputs.add(input.name(Wire.Order.TIME_FIRST));
        inputs.add(graph.constant(
                "input_weights", joined(cells, cell -> cell.inputWeights), directions, rows, first.channels));
        inputs.add(graph.constant(
                "recurrent_weights", joined(cells, cell -> cell.recurrentWeights), directions, rows, first.units));
        inputs.add(graph.constant(
                "recurrent_bias", Weights.joined(biases.toArray(new float[0][])), directions, 2L * rows));
        int peepholes = first.peepholes().length;
        if (peepholes > 0) {
            // No lengths, no initial states.
            inputs.addAll(List.of("", "", ""));
            inputs.add(graph.constant("peepholes", joined(cells, Recurrent::peepholes), directions, peepholes));
        }
        return inputs;
    }

    private interface Part {
        float[] of(Recurrent cell);
    }

    private static float[] joined(List<Recurrent> cells, Part part) {
        return Weights.joined(cells.stream().map(part::of).toArray(float[][]::new));
    }

    static AttributeProto[] attributes(List<Recurrent> cells) {
        List<AttributeProto> attributes = new ArrayList<>();
        attributes.add(GraphBuilder.integer("hidden_size", cells.get(0).units));
        if (cells.size() == 2) {
            attributes.add(GraphBuilder.text("direction", "bidirectional"));
        }
        List<String> activations = new ArrayList<>();
        cells.forEach(cell -> activations.addAll(cell.activations()));
        if (!activations.isEmpty()) {
            attributes.add(GraphBuilder.texts("activations", activations));
        }
        return attributes.toArray(new AttributeProto[0]);
    }
}
