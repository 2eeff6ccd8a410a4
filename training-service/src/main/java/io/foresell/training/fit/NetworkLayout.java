package io.foresell.training.fit;

import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.ConvolutionBody;
import io.foresell.model.graph.ConvolutionLayer;
import io.foresell.model.graph.DenseLayer;
import io.foresell.model.graph.LstmBody;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.SequenceBody;
import io.foresell.model.graph.SequenceNetworkGraph;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** The layers of a network: creates them in DL4J, and reads their weights back out of it into the model's own shapes. */
final class NetworkLayout {
    private static final int LEAST_HIDDEN_UNITS = 8;

    private final FitParameters.SequenceNetwork parameters;
    private final Preprocessing preprocessing;
    private final int kernelSize;
    private final int hiddenUnits;

    NetworkLayout(FitParameters.SequenceNetwork parameters, Preprocessing preprocessing) {
        this.parameters = parameters;
        this.preprocessing = preprocessing;
        this.kernelSize = Math.min(parameters.kernelSize(), preprocessing.sequenceLength());
        this.hiddenUnits = Math.max(LEAST_HIDDEN_UNITS, parameters.units());
    }

    boolean isRecurrent() {
        return parameters.kind() == FitParameters.NetworkKind.LSTM;
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
                new org.deeplearning4j.nn.conf.layers.DenseLayer.Builder()
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
        DenseLayer hidden = dense(network, "hidden", hiddenUnits);
        DenseLayer output = dense(network, "output", 1);
        SequenceBody body = isRecurrent() ? lstm(network) : convolutions(network);
        return SequenceNetworkGraph.write(preprocessing, body, hidden, output, Calibration.NONE);
    }

    /** DL4J keeps [inputs, outputs]; the graph wants [outputs, inputs]. */
    private static DenseLayer dense(ComputationGraph network, String layer, int outputs) {
        INDArray weights = network.getParam(layer + "_W");
        int inputs = (int) weights.size(0);
        return new DenseLayer(inputs, outputs, rowMajor(weights.transpose()), rowMajor(network.getParam(layer + "_b")));
    }

    private ConvolutionBody convolutions(ComputationGraph network) {
        List<ConvolutionLayer> layers = new ArrayList<>();
        int channels = preprocessing.channels();
        int before = (kernelSize - 1) / 2;
        for (String layer : List.of("convolution1", "convolution2")) {
            layers.add(new ConvolutionLayer(
                    channels,
                    parameters.units(),
                    kernelSize,
                    before,
                    kernelSize - 1 - before,
                    kernel(rowMajor(network.getParam(layer + "_W")), channels),
                    rowMajor(network.getParam(layer + "_b"))));
            channels = parameters.units();
        }
        return new ConvolutionBody(layers);
    }

    /** DL4J reports [filters, channels, kernel] but reads its values as [kernel, channels, filters]. */
    private float[] kernel(float[] weights, int channels) {
        int filters = parameters.units();
        float[] reordered = new float[weights.length];
        for (int filter = 0; filter < filters; filter++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int step = 0; step < kernelSize; step++) {
                    reordered[(filter * channels + channel) * kernelSize + step] =
                            weights[(step * channels + channel) * filters + filter];
                }
            }
        }
        return reordered;
    }

    /**
     * DL4J keeps [inputs, 4 * units] with its gates in the order cell, forget, output, input; ONNX wants [4 * units,
     * inputs] in the order input, output, forget, cell. The parity tests would tell if either changed.
     */
    private LstmBody lstm(ComputationGraph network) {
        int units = parameters.units();
        return new LstmBody(
                preprocessing.channels(),
                units,
                gates(rowMajor(network.getParam("body_W").transpose()), preprocessing.channels()),
                gates(rowMajor(network.getParam("body_RW").transpose()), units),
                gates(rowMajor(network.getParam("body_b")), 1));
    }

    private float[] gates(float[] weights, int width) {
        int block = parameters.units() * width;
        float[] reordered = new float[weights.length];
        int[] places = {3, 2, 1, 0};
        for (int gate = 0; gate < places.length; gate++) {
            System.arraycopy(weights, places[gate] * block, reordered, gate * block, block);
        }
        return reordered;
    }

    private static float[] rowMajor(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
