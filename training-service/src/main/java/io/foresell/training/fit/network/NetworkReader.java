package io.foresell.training.fit.network;

import io.foresell.model.Task;
import io.foresell.model.graph.network.Activation;
import io.foresell.model.graph.network.Columns;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.Merging;
import io.foresell.model.graph.network.Network;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Reads fitted DL4J networks into the model's own description, layer by layer. What it leaves computes what DL4J's {@code
 * output()} computes for inputs without masks; a layer that it does not know is refused by name.
 */
public final class NetworkReader {
    private final NetworkBuilder builder;
    private final Task task;

    /**
     * Takes the description to add to, and what the network answers.
     *
     * @param task BINARY (the output layer is a sigmoid of one value or a softmax of two, the second the positive one),
     *     MULTICLASS (a softmax) or REGRESSION (one value)
     */
    public NetworkReader(NetworkBuilder builder, Task task) {
        if (task != Task.BINARY && task != Task.MULTICLASS && task != Task.REGRESSION) {
            throw new IllegalArgumentException(
                    "task of a network: %s (expected: binary, multiclass or regression)".formatted(task.key()));
        }
        this.builder = builder;
        this.task = task;
    }

    /**
     * Returns the network from raw inputs to scores: log-odds, a logit per class, or the value.
     *
     * @param input what the first layer reads
     * @throws UnsupportedLayerException naming the layer that cannot be described
     */
    public Network read(MultiLayerNetwork network, Tensor input) {
        LayerReader layers = new LayerReader(builder);
        Tensor value = input;
        int count = network.getnLayers();
        for (int i = 0; i < count; i++) {
            // Not the conf of the layer itself: a wrapper such as LastTimeStep hides there.
            Layer layer = network.getLayerWiseConfigurations().getConf(i).getLayer();
            String name = layer.getLayerName() == null ? "layer" + i : layer.getLayerName();
            LayerParameters parameters =
                    new LayerParameters(name, network.getLayer(i).paramTable());
            value = layers.preprocess(name, network.getLayerWiseConfigurations().getInputPreProcess(i), value);
            value = i < count - 1 ? layers.read(layer, parameters, value) : last(layers, layer, parameters, value);
        }
        return builder.build(value);
    }

    /**
     * Returns the network as above.
     *
     * @param inputs what each of the graph's inputs reads, by the input's name
     */
    public Network read(ComputationGraph network, Map<String, Tensor> inputs) {
        return builder.build(scores(network, inputs));
    }

    /** Returns the scores as above, for a description that goes on. */
    public Tensor scores(ComputationGraph network, Map<String, Tensor> inputs) {
        ComputationGraphConfiguration configuration = network.getConfiguration();
        List<String> outputs = configuration.getNetworkOutputs();
        if (outputs.size() != 1 || !inputs.keySet().containsAll(configuration.getNetworkInputs())) {
            throw new IllegalArgumentException("outputs: %s, inputs: %s (expected: one output, inputs among %s)"
                    .formatted(outputs, configuration.getNetworkInputs(), inputs.keySet()));
        }
        LayerReader layers = new LayerReader(builder);
        Map<String, Tensor> values = new HashMap<>(inputs);
        for (String name : configuration.getTopologicalOrderStr()) {
            GraphVertex vertex = configuration.getVertices().get(name);
            if (vertex == null) {
                continue;
            }
            List<Tensor> read = known(configuration.getVertexInputs(), name).stream()
                    .map(input -> known(values, input))
                    .toList();
            values.put(
                    name,
                    vertex instanceof LayerVertex layer
                            ? layer(layers, network, name, layer, read.get(0))
                            : other(layers, name, vertex, read));
        }
        return known(values, outputs.get(0));
    }

    private static <T> T known(Map<String, T> values, String name) {
        T value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("vertex %s: absent (expected: one of the graph)".formatted(name));
        }
        return value;
    }

    private Tensor layer(LayerReader layers, ComputationGraph network, String name, LayerVertex vertex, Tensor input) {
        Layer layer = vertex.getLayerConf().getLayer();
        LayerParameters parameters =
                new LayerParameters(name, network.getLayer(name).paramTable());
        Tensor value = layers.preprocess(name, vertex.getPreProcessor(), input);
        return network.getConfiguration().getNetworkOutputs().contains(name)
                ? last(layers, layer, parameters, value)
                : layers.read(layer, parameters, value);
    }

    private Tensor other(LayerReader layers, String name, GraphVertex vertex, List<Tensor> inputs) {
        if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == MergeVertex.DEFAULT_MERGE_DIM) {
            return builder.join(inputs);
        }
        if (vertex instanceof ElementWiseVertex elements) {
            return builder.merge(
                    switch (elements.getOp()) {
                        case Add -> Merging.SUM;
                        case Subtract -> Merging.DIFFERENCE;
                        case Product -> Merging.PRODUCT;
                        case Average -> Merging.MEAN;
                        case Max -> Merging.MAX;
                    },
                    inputs);
        }
        if (vertex instanceof LastTimeStepVertex) {
            return layers.lastStep(inputs.get(0));
        }
        if (vertex instanceof SubsetVertex subset) {
            Columns columns = new Columns(subset.getFrom(), subset.getTo() - subset.getFrom() + 1);
            return builder.apply(columns, inputs.get(0));
        }
        if (vertex instanceof PreprocessorVertex preprocessor) {
            return layers.preprocess(name, preprocessor.getPreProcessor(), inputs.get(0));
        }
        throw new UnsupportedLayerException(
                name,
                vertex.getClass().getSimpleName(),
                "a layer, or a vertex that merges, picks columns or the last step, or reshapes");
    }

    /** Leaves the scores of the output layer, before the function that the head of the graph computes. */
    private Tensor last(LayerReader layers, Layer layer, LayerParameters parameters, Tensor input) {
        Tensor scores = layers.readScores(layer, parameters, input);
        Activation function = layers.outputFunction(layer, parameters.layer());
        int width = scores.shape().size();
        if (task == Task.REGRESSION && width == 1 && function != Activation.SOFTMAX) {
            return function == Activation.IDENTITY ? scores : builder.apply(function, scores);
        }
        if (task == Task.MULTICLASS && width > 1 && function == Activation.SOFTMAX) {
            return scores;
        }
        if (task == Task.BINARY && width == 1 && function == Activation.SIGMOID) {
            return scores;
        }
        if (task == Task.BINARY && width == 2 && function == Activation.SOFTMAX) {
            // A softmax of two is the sigmoid of their difference.
            return builder.apply(new Dense(2, 1, new float[] {-1, 1}, new float[1]), scores);
        }
        throw new UnsupportedLayerException(
                parameters.layer(),
                "%s of %d for task %s".formatted(function, width, task.key()),
                "binary: sigmoid of 1 or softmax of 2; multiclass: softmax of 2 or more; regression: 1 value");
    }
}
