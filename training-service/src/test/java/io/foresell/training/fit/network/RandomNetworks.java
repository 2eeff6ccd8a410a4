package io.foresell.training.fit.network;

import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J networks whose every parameter is drawn from a seed: biases, peepholes and moments too, which training starts at 0. */
final class RandomNetworks {
    private RandomNetworks() {}

    /** Stacks layers; the shapes of all but the first follow from the input type, when there is one. */
    static MultiLayerNetwork stack(long seed, InputType input, Layer... layers) {
        var list = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .activation(Activation.TANH)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        if (input != null) {
            list.setInputType(input);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        for (var layer : network.getLayers()) {
            draw(layer.paramTable(), new Random(seed));
        }
        return network;
    }

    static void draw(ComputationGraph network, long seed) {
        for (var layer : network.getLayers()) {
            draw(layer.paramTable(), new Random(seed));
        }
    }

    private static void draw(Map<String, INDArray> parameters, Random random) {
        parameters.forEach((name, array) -> {
            double scale = name.equals("gamma") ? 1 : 0.4;
            float[] values = new float[(int) array.length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (scale * random.nextGaussian());
                values[i] = name.equals("var") ? 0.1f + Math.abs(values[i]) : values[i];
            }
            array.assign(Nd4j.create(values, array.shape(), 'c'));
        });
    }

    static OutputLayer binary() {
        return new OutputLayer.Builder(LossFunction.XENT)
                .nOut(1)
                .activation(Activation.SIGMOID)
                .build();
    }

    static OutputLayer classes(int count) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .nOut(count)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static OutputLayer value() {
        return new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build();
    }
}
