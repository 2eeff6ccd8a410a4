package io.foresell.training.fit.sequence;

import io.foresell.model.Task;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import io.foresell.training.fit.network.NetworkReader;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The layers of a network over sequences: creates them in DL4J, and has the fitted ones written as ONNX. */
final class NetworkLayout {
    private static final int LEAST_HIDDEN_UNITS = 8;

    private final SequenceNetwork parameters;
    private final Preprocessing preprocessing;
    private final int kernelSize;
    private final int hiddenUnits;

    NetworkLayout(SequenceNetwork parameters, Preprocessing preprocessing) {
        this.parameters = parameters;
        this.preprocessing = preprocessing;
        this.kernelSize = Math.min(parameters.kernelSize(), preprocessing.sequenceLength());
        this.hiddenUnits = Math.max(LEAST_HIDDEN_UNITS, parameters.units());
    }

    boolean isRecurrent() {
        return parameters.kind() == NetworkKind.LSTM;
    }

    /** Returns a network with random weights. */
    ComputationGraph create(long seed) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(parameters.learningRate()))
                .weightInit(WeightInit.XAVIER)
                .gradientNormalization(GradientNormalization.ClipElementWiseAbsoluteValue)
                .gradientNormalizationThreshold(1)
                .graphBuilder();
        boolean hasColumns = preprocessing.encodedWidth() > 0;
        InputType sequences = InputType.recurrent(preprocessing.channels(), preprocessing.sequenceLength());
        if (hasColumns) {
            graph.addInputs("sequences", "columns")
                    .setInputTypes(sequences, InputType.feedForward(preprocessing.encodedWidth()));
        } else {
            graph.addInputs("sequences").setInputTypes(sequences);
        }
        addBody(graph);
        String joined = "body";
        if (hasColumns) {
            graph.addVertex("joined", new MergeVertex(), "body", "columns");
            joined = "joined";
        }
        graph.addLayer(
                "hidden",
                new DenseLayer.Builder()
                        .nOut(hiddenUnits)
                        .activation(Activation.RELU)
                        .build(),
                joined);
        graph.addLayer(
                "output",
                new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build(),
                "hidden");
        ComputationGraph network =
                new ComputationGraph(graph.setOutputs("output").build());
        network.init();
        return network;
    }

    private void addBody(GraphBuilder graph) {
        if (isRecurrent()) {
            LSTM lstm = new LSTM.Builder()
                    .nIn(preprocessing.channels())
                    .nOut(parameters.units())
                    .activation(Activation.TANH)
                    .gateActivationFunction(Activation.SIGMOID)
                    .build();
            graph.addLayer("body", new LastTimeStep(lstm), "sequences");
            return;
        }
        graph.addLayer("convolution1", convolution(preprocessing.channels()), "sequences");
        graph.addLayer("convolution2", convolution(parameters.units()), "convolution1");
        graph.addLayer(
                "body",
                new GlobalPoolingLayer.Builder().poolingType(PoolingType.MAX).build(),
                "convolution2");
    }

    private Convolution1DLayer convolution(int channels) {
        return new Convolution1DLayer.Builder(kernelSize)
                .nIn(channels)
                .nOut(parameters.units())
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build();
    }

    /** Returns the ONNX file of a network. */
    byte[] write(ComputationGraph network) {
        NetworkBuilder builder = new NetworkBuilder(preprocessing);
        Map<String, Tensor> inputs = new HashMap<>();
        inputs.put("sequences", builder.sequences());
        if (preprocessing.encodedWidth() > 0) {
            inputs.put("columns", builder.columns());
        }
        return new NetworkReader(builder, Task.BINARY).read(network, inputs).onnx(Head.binary(Calibration.NONE));
    }
}
