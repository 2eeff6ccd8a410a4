package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** Two cells over one sequence, one from the oldest step on, one from the newest; both states of every step, as one. */
public final class Bidirectional extends Layer {
    /** How two states become one. */
    public enum Mode {
        /** The forward cell's channels, then the backward cell's. */
        CONCATENATION,
        /** Their sum. */
        SUM,
        /** Their product. */
        PRODUCT,
        /** Their mean. */
        MEAN
    }

    private final Recurrent forward;
    private final Recurrent backward;
    private final Mode mode;

    /** Refuses cells that differ in more than their weights. */
    public Bidirectional(Recurrent forward, Recurrent backward, Mode mode) {
        if (!forward.isLike(backward)) {
            throw new IllegalArgumentException(
                    "cells of a bidirectional layer: different (expected: of one kind and size)");
        }
        this.forward = forward;
        this.backward = backward;
        this.mode = mode;
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape one = forward.outputShape(input);
        return mode == Mode.CONCATENATION ? one.withChannels(2 * forward.units) : one;
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        List<Recurrent> cells = List.of(forward, backward);
        // [length, 2, N, units]
        String states = graph.node(forward.operator(), Recurrent.inputs(input, cells), Recurrent.attributes(cells));
        output.set(Wire.Order.TIME_FIRST, mode == Mode.CONCATENATION ? beside(graph, states) : merged(graph, states));
    }

    private String beside(GraphBuilder graph, String states) {
        String perStep = graph.node("Transpose", List.of(states), GraphBuilder.integers("perm", 0, 2, 1, 3));
        String shape = graph.constant("both_shape", 0, 0, 2L * forward.units);
        return graph.node("Reshape", List.of(perStep, shape));
    }

    private String merged(GraphBuilder graph, String states) {
        List<String> both = List.of(direction(graph, states, 0), direction(graph, states, 1));
        String merged = graph.node(mode == Mode.PRODUCT ? "Mul" : "Add", both);
        return mode == Mode.MEAN
                ? graph.node("Mul", List.of(merged, graph.constant("half", new float[] {0.5f}, 1)))
                : merged;
    }

    private static String direction(GraphBuilder graph, String states, int index) {
        return graph.node("Gather", List.of(states, graph.scalar("direction", index)), GraphBuilder.integer("axis", 1));
    }
}
