package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** What a missing step of a sequence becomes, from the other steps of the same row. */
public enum SequenceGaps {
    /** It stays missing. */
    KEPT,
    /** The last step before it that is there; steps before the first one stay missing. */
    LAST,
    /** On the straight line between its neighbours; before the first and after the last value the same as these. */
    LINEAR;

    /** Returns the steps of a row from {@code numbers[at]} on; all stay missing where none is there. */
    public float[] filled(float[] numbers, int at, int length) {
        float[] values = new float[length];
        System.arraycopy(numbers, at, values, 0, length);
        if (this == KEPT) {
            return values;
        }
        int before = -1;
        for (int step = 0; step < length; step++) {
            if (!Float.isNaN(numbers[at + step])) {
                before = step;
            } else if (this == LAST && before >= 0) {
                values[step] = numbers[at + before];
            } else if (this == LINEAR) {
                values[step] = between(numbers, at, length, before, step);
            }
        }
        return values;
    }

    private static float between(float[] numbers, int at, int length, int before, int step) {
        int after = step;
        while (after < length && Float.isNaN(numbers[at + after])) {
            after++;
        }
        if (after == length) {
            return before < 0 ? Float.NaN : numbers[at + before];
        }
        if (before < 0) {
            return numbers[at + after];
        }
        float left = numbers[at + before];
        float right = numbers[at + after];
        return left == right ? left : left + (right - left) * ((float) (step - before) / (after - before));
    }

    /** Writes the nodes that fill an input [N, length] and returns the name of the result. */
    String write(GraphBuilder graph, String input, int length) {
        if (this == KEPT) {
            return input;
        }
        List<String> steps = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            steps.add(graph.column(input, step));
        }
        List<String> left = carried(graph, steps, steps, false);
        if (this == LAST) {
            return graph.concat(left);
        }
        List<String> places = new ArrayList<>();
        for (int step = 0; step < length; step++) {
            // A place of its own per row: [N, 1], whatever N is.
            String zero = graph.node("Mul", List.of(graph.toFloat(isMissing(graph, steps.get(step))), zero(graph)));
            places.add(graph.node("Add", List.of(zero, graph.constant("place", new float[] {step}, 1))));
        }
        String before = graph.concat(left);
        String after = graph.concat(carried(graph, steps, steps, true));
        String first = graph.node("Where", List.of(isMissing(graph, before), after, before));
        String last = graph.node("Where", List.of(isMissing(graph, after), before, after));
        String from = graph.concat(carried(graph, steps, places, false));
        String until = graph.concat(carried(graph, steps, places, true));
        String one = graph.constant("one", new float[] {1}, 1);
        String distance = graph.node("Max", List.of(graph.node("Sub", List.of(until, from)), one));
        String share = graph.node("Div", List.of(graph.node("Sub", List.of(graph.concat(places), from)), distance));
        // Equal neighbours may be infinite, whose difference is no number.
        String rise = graph.node(
                "Where",
                List.of(
                        graph.node("Equal", List.of(last, first)),
                        zero(graph),
                        graph.node("Mul", List.of(graph.node("Sub", List.of(last, first)), share))));
        return graph.node("Add", List.of(first, rise));
    }

    private static String zero(GraphBuilder graph) {
        return graph.constant("zero", new float[] {0}, 1);
    }

    private static String isMissing(GraphBuilder graph, String value) {
        return graph.node("IsNaN", List.of(value));
    }

    /** Returns per step the value of the nearest step that is there, at it or on one side of it. */
    private static List<String> carried(
            GraphBuilder graph, List<String> steps, List<String> values, boolean isBackwards) {
        String[] carried = new String[steps.size()];
        String last = "";
        for (int i = 0; i < carried.length; i++) {
            int step = isBackwards ? carried.length - 1 - i : i;
            last = last.isEmpty()
                    ? values.get(step)
                    : graph.node("Where", List.of(isMissing(graph, steps.get(step)), last, values.get(step)));
            carried[step] = last;
        }
        return List.of(carried);
    }
}
