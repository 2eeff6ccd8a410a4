package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Writes the nodes of a {@link Preprocessing}, computing exactly what its encode methods compute. */
public final class EncodingNodes {
    private final Preprocessing preprocessing;
    private final GraphBuilder graph;

    /** Prepares to write the encoding into a graph over its signature. */
    public EncodingNodes(Preprocessing preprocessing, GraphBuilder graph) {
        this.preprocessing = preprocessing;
        this.graph = graph;
    }

    /** Returns the value [N, encodedWidth]; needs at least one number or text. */
    public String encoded() {
        List<String> parts = new ArrayList<>();
        if (!preprocessing.numbers().isEmpty()) {
            parts.add(numbers());
        }
        for (TextEncoding text : preprocessing.texts()) {
            // [N, 1] becomes [N, 1, categories].
            String oneHot = graph.mlNode(
                    "OneHotEncoder",
                    List.of(text.input()),
                    GraphBuilder.texts("cats_strings", text.categories()),
                    GraphBuilder.integer("zeros", 1));
            parts.add(graph.node("Flatten", List.of(oneHot), GraphBuilder.integer("axis", 1)));
        }
        return graph.concat(parts);
    }

    private String numbers() {
        List<String> inputs = new ArrayList<>();
        List<Float> fills = new ArrayList<>();
        List<Float> offsets = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (NumberEncoding number : preprocessing.numbers()) {
            inputs.add(number.input());
            fills.add(number.fill());
            offsets.add(number.offset());
            scales.add(number.scale());
        }
        return scaled(imputed(graph.concat(inputs), fills), offsets, scales);
    }

    /** Returns the value [N, channels, length] of sequences of one length, at least one, in this order. */
    public String sequences(List<SequenceEncoding> sequences) {
        int length = sequences.get(0).length();
        List<String> inputs = new ArrayList<>();
        List<Float> fills = new ArrayList<>();
        List<Float> offsets = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (SequenceEncoding sequence : sequences) {
            inputs.add(sequence.input());
            fills.addAll(Collections.nCopies(length, sequence.fill()));
            offsets.addAll(Collections.nCopies(length, sequence.offset()));
            scales.addAll(Collections.nCopies(length, sequence.scale()));
        }
        String flat = scaled(imputed(graph.concat(inputs), fills), offsets, scales);
        String shape = graph.constant("sequence_shape", -1, sequences.size(), length);
        return graph.node("Reshape", List.of(flat, shape));
    }

    private String imputed(String value, List<Float> fills) {
        if (fills.stream().allMatch(fill -> Float.isNaN(fill))) {
            return value;
        }
        return graph.mlNode(
                "Imputer",
                List.of(value),
                GraphBuilder.numbers("imputed_value_floats", fills),
                GraphBuilder.number("replaced_value_float", Float.NaN));
    }

    private String scaled(String value, List<Float> offsets, List<Float> scales) {
        if (offsets.stream().allMatch(offset -> offset == 0) && scales.stream().allMatch(scale -> scale == 1)) {
            return value;
        }
        return graph.mlNode(
                "Scaler",
                List.of(value),
                GraphBuilder.numbers("offset", offsets),
                GraphBuilder.numbers("scale", scales));
    }
}
