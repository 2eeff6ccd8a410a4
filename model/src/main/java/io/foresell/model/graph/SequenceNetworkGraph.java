package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** Writes a network over sequences as ONNX: encoding, body, dense layer, sigmoid. */
public final class SequenceNetworkGraph {
    private SequenceNetworkGraph() {}

    /**
     * Returns the file of {@code sigmoid(calibration(output(relu(hidden(body(sequences) ++ encoded)))))}.
     *
     * @param hidden reads the body's vector first, then the encoded columns of numbers and texts
     * @param output one output
     */
    public static byte[] write(
            Preprocessing preprocessing,
            SequenceBody body,
            DenseLayer hidden,
            DenseLayer output,
            Calibration calibration) {
        if (preprocessing.channels() == 0) {
            throw new IllegalArgumentException("sequences: 0 (expected: 1 or more)");
        }
        Parameters.requireFilled(preprocessing);
        Parameters.requireLength(
                "inputs of the hidden layer", hidden.inputs, body.outputWidth() + preprocessing.encodedWidth());
        Parameters.requireLength("inputs of the output layer", output.inputs, hidden.outputs);
        Parameters.requireLength("outputs of the output layer", output.outputs, 1);
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        EncodingNodes encoding = new EncodingNodes(preprocessing, graph);
        List<String> features = new ArrayList<>();
        features.add(write(body, encoding.sequences(preprocessing.sequences()), preprocessing, graph));
        if (preprocessing.encodedWidth() > 0) {
            features.add(encoding.encoded());
        }
        String dense = graph.node("Relu", List.of(graph.dense(graph.concat(features), hidden.weights, hidden.bias)));
        return graph.finish(graph.dense(dense, output.weights, output.bias), calibration);
    }

    private static String write(SequenceBody body, String sequences, Preprocessing preprocessing, GraphBuilder graph) {
        if (body instanceof ConvolutionBody convolution) {
            return convolve(convolution, sequences, preprocessing, graph);
        }
        return recur((LstmBody) body, sequences, preprocessing, graph);
    }

    private static String convolve(
            ConvolutionBody body, String sequences, Preprocessing preprocessing, GraphBuilder graph) {
        String value = sequences;
        int channels = preprocessing.channels();
        int length = preprocessing.sequenceLength();
        for (ConvolutionLayer layer : body.layers()) {
            Parameters.requireLength("channels of a convolution", layer.channels, channels);
            channels = layer.filters;
            length = layer.outputLength(length);
            if (length < 1) {
                throw new IllegalArgumentException(
                        "sequence length after convolution: %d (expected: 1 or more)".formatted(length));
            }
            String weights = graph.constant("kernel", layer.weights, layer.filters, layer.channels, layer.kernel);
            String bias = graph.constant("kernel_bias", layer.bias, layer.filters);
            value = graph.node(
                    "Conv",
                    List.of(value, weights, bias),
                    GraphBuilder.integers("kernel_shape", layer.kernel),
                    GraphBuilder.integers("pads", layer.paddingBefore, layer.paddingAfter),
                    GraphBuilder.integers("strides", 1));
            value = graph.node("Relu", List.of(value));
        }
        String pooled = graph.node("GlobalMaxPool", List.of(value));
        return graph.node("Flatten", List.of(pooled), GraphBuilder.integer("axis", 1));
    }

    private static String recur(LstmBody body, String sequences, Preprocessing preprocessing, GraphBuilder graph) {
        Parameters.requireLength("channels of the lstm", body.channels, preprocessing.channels());
        int gates = 4 * body.units;
        // ONNX adds an input and a recurrent bias; ours is one, the other zeros.
        float[] bias = new float[2 * gates];
        System.arraycopy(body.bias, 0, bias, 0, gates);
        String steps = graph.node("Transpose", List.of(sequences), GraphBuilder.integers("perm", 2, 0, 1));
        String hidden = graph.secondOutput(
                "LSTM",
                List.of(
                        steps,
                        graph.constant("lstm_input_weights", body.inputWeights, 1, gates, body.channels),
                        graph.constant("lstm_recurrent_weights", body.recurrentWeights, 1, gates, body.units),
                        graph.constant("lstm_bias", bias, 1, 2L * gates)),
                GraphBuilder.integer("hidden_size", body.units));
        return graph.node("Squeeze", List.of(hidden, graph.constant("direction", 0)));
    }
}
