package io.foresell.model.graph;

/** Writes a model of any classical family as ONNX: encoding, the family's scores, the answer. */
public final class ModelGraph {
    private ModelGraph() {}

    /**
     * Returns the file of {@code head(model(preprocessing(row)))}.
     *
     * @throws IllegalArgumentException when the three do not fit each other, or missing values would reach a family
     *     that cannot read them
     */
    public static byte[] write(Preprocessing preprocessing, ScoreModel model, Head head) {
        Parameters.requireNoSequences(preprocessing);
        if (!model.readsMissing()) {
            Parameters.requireFilled(preprocessing);
        }
        Parameters.requireLength("columns of the model", model.inputs(), preprocessing.encodedWidth());
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        String encoded = new EncodingNodes(preprocessing, graph).encoded();
        return head.finish(graph, model.write(encoded, graph), model.outputs());
    }
}
