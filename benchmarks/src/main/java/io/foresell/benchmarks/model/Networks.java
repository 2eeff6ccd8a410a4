package io.foresell.benchmarks.model;

import io.foresell.model.InputField;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.GraphBuilder;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.network.Convolution;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.GlobalPooling;
import io.foresell.model.graph.network.LastStep;
import io.foresell.model.graph.network.Lstm;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.graph.network.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** DL4J networks with random weights, and the same weights in the model's own graphs. */
final class Networks {
    private static final int CHANNELS = 8;
    private static final int STEPS = 30;
    private static final int KERNEL = 3;
    private static final int FIRST_FILTERS = 16;
    private static final int SECOND_FILTERS = 32;
    private static final int LSTM_UNITS = 32;
    private static final int HEAD_UNITS = 16;
    private static final long SEED = 11;
    private static final io.foresell.model.graph.network.Activation RELU =
            io.foresell.model.graph.network.Activation.RELU;

    private Networks() {}

    static TestedModel perceptron() {
        MultiLayerNetwork network = start(
                layers().layer(dense(64)).layer(dense(32)).layer(sigmoid()).setInputType(InputType.feedForward(40)));
        GraphBuilder graph = new GraphBuilder(ModelFamily.MLP.signature());
        String value = graph.concat(ModelFamily.MLP.signature().inputs().stream()
                .map(InputField::name)
                .toList());
        value = graph.node("Relu", List.of(dense(network, 0, value, graph)));
        value = graph.node("Relu", List.of(dense(network, 1, value, graph)));
        byte[] onnx = graph.finish(dense(network, 2, value, graph), Calibration.NONE);
        return TestedModel.ofNumbers(ModelFamily.MLP, onnx, zip(network), "Concat", 40);
    }

    static TestedModel convolution() {
        MultiLayerNetwork network = start(layers().layer(convolution(FIRST_FILTERS))
                .layer(convolution(SECOND_FILTERS))
                .layer(new GlobalPoolingLayer.Builder()
                        .poolingType(PoolingType.MAX)
                        .build())
                .layer(dense(HEAD_UNITS))
                .layer(sigmoid())
                .setInputType(InputType.recurrent(CHANNELS, STEPS)));
        NetworkBuilder graph = new NetworkBuilder(ModelFamily.CONVOLUTION.preprocessing());
        Tensor value = graph.sequences();
        value = graph.apply(convolution(network, 0, CHANNELS, FIRST_FILTERS), value);
        value = graph.apply(convolution(network, 1, FIRST_FILTERS, SECOND_FILTERS), graph.apply(RELU, value));
        value = graph.apply(GlobalPooling.of(GlobalPooling.Kind.MAX), graph.apply(RELU, value));
        return sequenceModel(ModelFamily.CONVOLUTION, network, graph, value, 3);
    }

    static TestedModel lstm() {
        LSTM lstm = new LSTM.Builder()
                .nIn(CHANNELS)
                .nOut(LSTM_UNITS)
                .activation(Activation.TANH)
                .gateActivationFunction(Activation.SIGMOID)
                .build();
        MultiLayerNetwork network = start(layers().layer(new LastTimeStep(lstm))
                .layer(dense(HEAD_UNITS))
                .layer(sigmoid())
                .setInputType(InputType.recurrent(CHANNELS, STEPS)));
        NetworkBuilder graph = new NetworkBuilder(ModelFamily.LSTM.preprocessing());
        Lstm cell = new Lstm(
                CHANNELS,
                LSTM_UNITS,
                gates(rowMajor(parameter(network, 0, "W").transpose()), CHANNELS),
                gates(rowMajor(parameter(network, 0, "RW").transpose()), LSTM_UNITS),
                gates(rowMajor(parameter(network, 0, "b")), 1));
        Tensor last = graph.apply(new LastStep(), graph.apply(cell, graph.sequences()));
        return sequenceModel(ModelFamily.LSTM, network, graph, last, 1);
    }

    private static TestedModel sequenceModel(
            ModelFamily family, MultiLayerNetwork network, NetworkBuilder graph, Tensor vector, int headLayer) {
        Tensor hidden = graph.apply(RELU, graph.apply(dense(network, headLayer), vector));
        Tensor logOdds = graph.apply(dense(network, headLayer + 1), hidden);
        byte[] onnx = graph.build(logOdds).onnx(Head.binary(Calibration.NONE));
        return TestedModel.ofNumbers(family, onnx, zip(network), "Reshape", CHANNELS, STEPS);
    }

    private static NeuralNetConfiguration.ListBuilder layers() {
        return new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .weightInit(WeightInit.XAVIER)
                .biasInit(0.1)
                .list();
    }

    private static DenseLayer dense(int units) {
        return new DenseLayer.Builder().nOut(units).activation(Activation.RELU).build();
    }

    private static OutputLayer sigmoid() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                .nOut(1)
                .activation(Activation.SIGMOID)
                .build();
    }

    private static Convolution1DLayer convolution(int filters) {
        return new Convolution1DLayer.Builder(KERNEL)
                .nOut(filters)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.RELU)
                .build();
    }

    private static MultiLayerNetwork start(NeuralNetConfiguration.ListBuilder layers) {
        // Else the seed alone does not decide: DL4J draws from one generator of the process.
        Nd4j.getRandom().setSeed(SEED);
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private static byte[] zip(MultiLayerNetwork network) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, bytes, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static INDArray parameter(MultiLayerNetwork network, int layer, String name) {
        return network.getParam(layer + "_" + name);
    }

    private static String dense(MultiLayerNetwork network, int layer, String input, GraphBuilder graph) {
        float[] weights = rowMajor(parameter(network, layer, "W").transpose());
        return graph.dense(input, weights, rowMajor(parameter(network, layer, "b")));
    }

    /** DL4J keeps [inputs, outputs]; the graph wants [outputs, inputs]. */
    private static Dense dense(MultiLayerNetwork network, int layer) {
        INDArray weights = parameter(network, layer, "W");
        return new Dense(
                (int) weights.size(0),
                (int) weights.size(1),
                rowMajor(weights.transpose()),
                rowMajor(parameter(network, layer, "b")));
    }

    /** DL4J reports [filters, channels, kernel] but reads its values as [kernel, channels, filters]. */
    private static Convolution convolution(MultiLayerNetwork network, int layer, int channels, int filters) {
        float[] weights = rowMajor(parameter(network, layer, "W"));
        float[] reordered = new float[weights.length];
        for (int filter = 0; filter < filters; filter++) {
            for (int channel = 0; channel < channels; channel++) {
                for (int step = 0; step < KERNEL; step++) {
                    reordered[(filter * channels + channel) * KERNEL + step] =
                            weights[(step * channels + channel) * filters + filter];
                }
            }
        }
        float[] bias = rowMajor(parameter(network, layer, "b"));
        return new Convolution(List.of(Window.same(STEPS, KERNEL, 1, 1)), channels, filters, reordered, bias);
    }

    /** From DL4J's cell, forget, output, input to ONNX's input, output, forget, cell. */
    private static float[] gates(float[] weights, int width) {
        int block = LSTM_UNITS * width;
        float[] reordered = new float[weights.length];
        for (int gate = 0; gate < 4; gate++) {
            System.arraycopy(weights, (3 - gate) * block, reordered, gate * block, block);
        }
        return reordered;
    }

    private static float[] rowMajor(INDArray array) {
        return array.dup('c').data().asFloat();
    }
}
