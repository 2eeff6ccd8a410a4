package io.foresell.model.graph;

/** A model of an ensemble with the head that makes an answer of its scores. */
public record Member(ScoreModel model, Head head) {
    String write(String encoded, GraphBuilder graph) {
        return head.answer(graph, model.write(encoded, graph), model.outputs());
    }
}
