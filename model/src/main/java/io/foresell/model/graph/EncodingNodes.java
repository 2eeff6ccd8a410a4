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

    /** Returns the value [N, encodedWidth]; needs at least one encoded column. */
    public String encoded() {
        return preprocessing.write(graph);
    }

    /** Returns the value [N, channels, length] of sequences of one length, at least one, in this order. */
    public String sequences(List<SequenceEncoding> sequences) {
        int length = sequences.get(0).length();
        List<String> inputs = new ArrayList<>();
        List<Float> fills = new ArrayList<>();
        List<Float> offsets = new ArrayList<>();
        List<Float> scales = new ArrayList<>();
        for (SequenceEncoding sequence : sequences) {
            inputs.add(steps(sequence));
            fills.addAll(Collections.nCopies(length, sequence.fill()));
            offsets.addAll(Collections.nCopies(length, sequence.offset()));
            scales.addAll(Collections.nCopies(length, sequence.scale()));
        }
        String flat =
                NumberNodes.scaled(graph, NumberNodes.imputed(graph, graph.concat(inputs), fills), offsets, scales);
        String shape = graph.constant("sequence_shape", -1, sequences.size(), length);
        return graph.node("Reshape", List.of(flat, shape));
    }

    private String steps(SequenceEncoding sequence) {
        String steps = sequence.gaps().write(graph, sequence.input(), sequence.length());
        if (!sequence.isLogarithmic()) {
            return steps;
        }
        List<Float> fills = Collections.nCopies(sequence.length(), sequence.fill());
        return NumberNodes.logarithm(graph, NumberNodes.imputed(graph, steps, fills));
    }

    /** Returns the indices of a text's words as the value [N, 1, length]. */
    public String words(WordSequenceEncoding words) {
        String shape = graph.constant("sequence_shape", -1, 1, words.length());
        return graph.node("Reshape", List.of(words.write(graph), shape));
    }
}
