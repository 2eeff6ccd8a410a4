package io.foresell.training.fit.network;

import static io.foresell.training.fit.network.NetworkParity.RECURRENT_TOLERANCE;
import static io.foresell.training.fit.network.NetworkParity.TOLERANCE;
import static io.foresell.training.fit.network.RandomNetworks.binary;
import static io.foresell.training.fit.network.RandomNetworks.classes;
import static io.foresell.training.fit.network.RandomNetworks.value;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.graph.network.NetworkBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Every layer, alone before an output layer, in each of its settings. */
@SuppressWarnings("deprecation")
final class LayerParityTest {
    private static final int CHANNELS = 3;
    private static final int LENGTH = 7;

    @Test
    void denseWithEveryActivation() throws Exception {
        List<Activation> functions = List.of(
                Activation.IDENTITY,
                Activation.RELU,
                Activation.RELU6,
                Activation.LEAKYRELU,
                Activation.ELU,
                Activation.SELU,
                Activation.GELU,
                Activation.SOFTPLUS,
                Activation.SOFTSIGN,
                Activation.HARDSIGMOID,
                Activation.HARDTANH,
                Activation.RECTIFIEDTANH,
                Activation.TANH,
                Activation.SIGMOID,
                Activation.SOFTMAX,
                Activation.SWISH,
                Activation.MISH,
                Activation.CUBE,
                Activation.THRESHOLDEDRELU);
        for (Activation function : functions) {
            columns(
                    function.name(),
                    5,
                    Task.MULTICLASS,
                    new DenseLayer.Builder().nOut(6).activation(function).build(),
                    classes(3));
        }
    }

    @Test
    void headsOfEveryTask() throws Exception {
        DenseLayer dense = new DenseLayer.Builder().nOut(4).hasBias(false).build();
        columns("binary", 4, Task.BINARY, dense, binary());
        columns("two classes as binary", 4, Task.BINARY, dense, classes(2));
        columns("multiclass", 4, Task.MULTICLASS, dense, classes(5));
        columns("regression", 4, Task.REGRESSION, dense, value());
        columns(
                "regression between -1 and 1",
                4,
                Task.REGRESSION,
                new OutputLayer.Builder(LossFunction.MSE)
                        .nOut(1)
                        .activation(Activation.TANH)
                        .build());
        columns(
                "loss layer",
                4,
                Task.MULTICLASS,
                new DenseLayer.Builder().nOut(3).activation(Activation.IDENTITY).build(),
                new LossLayer.Builder(LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .build());
    }

    @Test
    void layersThatDoNothingOrLittleWhenScoring() throws Exception {
        columns(
                "dropout, activation, frozen",
                6,
                Task.BINARY,
                new DropoutLayer(0.5),
                new FrozenLayer(new DenseLayer.Builder().nOut(5).dropOut(0.5).build()),
                new ActivationLayer(Activation.RELU),
                binary());
    }

    @Test
    void batchNormalizationOfVectorsAndImages() throws Exception {
        for (boolean isLogarithmic : new boolean[] {false, true}) {
            BatchNormalization usual =
                    new BatchNormalization.Builder().useLogStd(isLogarithmic).build();
            BatchNormalization locked = new BatchNormalization.Builder()
                    .useLogStd(isLogarithmic)
                    .lockGammaBeta(true)
                    .gamma(1.5)
                    .beta(0.3)
                    .eps(0.01)
                    .build();
            for (BatchNormalization layer : List.of(usual, locked)) {
                columns("vectors", 5, Task.BINARY, layer, binary());
                image("images", 5, 4, 2, layer, average());
            }
        }
    }

    @Test
    void convolutionsOverSequences() throws Exception {
        for (ConvolutionMode mode : List.of(
                ConvolutionMode.Same, ConvolutionMode.Truncate, ConvolutionMode.Causal, ConvolutionMode.Strict)) {
            for (int kernel = 1; kernel <= 4; kernel++) {
                for (int stride = 1; stride <= 2; stride++) {
                    boolean isStrict = mode == ConvolutionMode.Strict;
                    if (isStrict && (LENGTH - kernel) % stride != 0) {
                        continue;
                    }
                    sequences(
                            mode + " kernel " + kernel + " stride " + stride,
                            new Convolution1DLayer.Builder(kernel)
                                    .nOut(4)
                                    .stride(stride)
                                    .convolutionMode(mode)
                                    .activation(Activation.RELU)
                                    .build(),
                            average());
                }
            }
            sequences(
                    mode + " dilated",
                    new Convolution1DLayer.Builder(3)
                            .nOut(4)
                            .dilation(2)
                            .hasBias(false)
                            .convolutionMode(mode)
                            .build(),
                    average());
        }
        sequences(
                "padded",
                new Convolution1DLayer.Builder(3)
                        .nOut(4)
                        .padding(2)
                        .convolutionMode(ConvolutionMode.Truncate)
                        .build(),
                average());
    }

    @Test
    void convolutionsOverImages() throws Exception {
        for (ConvolutionMode mode : List.of(ConvolutionMode.Same, ConvolutionMode.Truncate)) {
            image("3 x 2", 6, 7, 2, convolution(mode, 3, 2).build());
            image(
                    "2 x 3, strides",
                    7,
                    6,
                    2,
                    convolution(mode, 2, 3).stride(2, 1).build());
            image(
                    "1 x 4, strides",
                    5,
                    8,
                    1,
                    convolution(mode, 1, 4).stride(1, 3).build());
            image("dilated", 8, 7, 2, convolution(mode, 2, 3).dilation(3, 2).build());
        }
        image(
                "padded",
                5,
                5,
                3,
                convolution(ConvolutionMode.Truncate, 3, 3).padding(1, 2).build());
        image(
                "without bias",
                5,
                5,
                3,
                convolution(ConvolutionMode.Same, 3, 3).hasBias(false).build());
    }

    private static ConvolutionLayer.Builder convolution(ConvolutionMode mode, int height, int width) {
        return new ConvolutionLayer.Builder(height, width)
                .nOut(3)
                .convolutionMode(mode)
                .activation(Activation.RELU);
    }

    @Test
    void poolingOverSequencesAndImages() throws Exception {
        for (boolean isMax : new boolean[] {true, false}) {
            SubsamplingLayer.PoolingType type =
                    isMax ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG;
            for (ConvolutionMode mode : List.of(ConvolutionMode.Same, ConvolutionMode.Truncate)) {
                sequences(
                        type + " " + mode,
                        new Subsampling1DLayer.Builder(type, 3, 2)
                                .convolutionMode(mode)
                                .build(),
                        average());
                image(
                        type + " " + mode,
                        7,
                        6,
                        2,
                        new SubsamplingLayer.Builder(type, new int[] {3, 2}, new int[] {2, 1})
                                .convolutionMode(mode)
                                .build());
            }
            for (boolean isCounted : new boolean[] {true, false}) {
                image(
                        type + " padded " + isCounted,
                        7,
                        6,
                        2,
                        new SubsamplingLayer.Builder(type, new int[] {3, 3}, new int[] {2, 2}, new int[] {1, 2})
                                .avgPoolIncludePadInDivisor(isCounted)
                                .convolutionMode(ConvolutionMode.Truncate)
                                .build());
            }
        }
    }

    @Test
    void globalPooling() throws Exception {
        for (PoolingType type : PoolingType.values()) {
            sequences(type.name(), new GlobalPoolingLayer.Builder(type).pnorm(3).build());
            image(
                    type.name(),
                    4,
                    5,
                    3,
                    new GlobalPoolingLayer.Builder(type).pnorm(2).build());
        }
    }

    @Test
    void embeddings() throws Exception {
        int rows = 11;
        var one = RandomNetworks.stack(
                1,
                null,
                new EmbeddingLayer.Builder()
                        .nIn(rows)
                        .nOut(4)
                        .hasBias(true)
                        .activation(Activation.RELU)
                        .build(),
                new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build());
        NetworkParity.check(
                "one index",
                one,
                NetworkParity.columns(1),
                NetworkParity.indices(1, rows, 2),
                Task.MULTICLASS,
                TOLERANCE,
                1);
        var sequence = RandomNetworks.stack(
                1,
                null,
                new EmbeddingSequenceLayer.Builder()
                        .nIn(rows)
                        .nOut(4)
                        .inputLength(LENGTH)
                        .hasBias(true)
                        .activation(Activation.IDENTITY)
                        .build(),
                new Convolution1DLayer.Builder(3).nIn(4).nOut(5).build(),
                average(),
                new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(5)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build());
        NetworkParity.check(
                "indices",
                sequence,
                NetworkParity.sequences(1, LENGTH),
                NetworkParity.indices(LENGTH, rows, 3),
                Task.BINARY,
                TOLERANCE,
                LENGTH);
    }

    @Test
    void recurrentLayers() throws Exception {
        List<Layer> layers = new ArrayList<>();
        layers.add(new LSTM.Builder().nOut(5).build());
        layers.add(new LSTM.Builder()
                .nOut(4)
                .activation(Activation.SOFTSIGN)
                .gateActivationFunction(Activation.HARDSIGMOID)
                .build());
        layers.add(new GravesLSTM.Builder().nOut(5).build());
        layers.add(new SimpleRnn.Builder().nOut(5).build());
        layers.add(new SimpleRnn.Builder().nOut(5).activation(Activation.RELU).build());
        layers.add(new GravesBidirectionalLSTM.Builder().nOut(4).build());
        for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
            layers.add(new Bidirectional(mode, new LSTM.Builder().nOut(4).build()));
            layers.add(new Bidirectional(mode, new GravesLSTM.Builder().nOut(3).build()));
            layers.add(new Bidirectional(mode, new SimpleRnn.Builder().nOut(4).build()));
        }
        for (Layer layer : layers) {
            sequences(layer + ", mean of all steps", layer, average());
            if (!(layer instanceof GravesBidirectionalLSTM)) {
                sequences(layer + ", last step", new LastTimeStep(layer));
            }
        }
    }

    @Test
    void stackedRecurrentLayers() throws Exception {
        sequences(
                "lstm, rnn, lstm",
                new LSTM.Builder().nOut(4).build(),
                new SimpleRnn.Builder().nOut(3).build(),
                new LastTimeStep(new LSTM.Builder().nOut(4).build()));
        sequences(
                "bidirectional twice",
                new Bidirectional(new LSTM.Builder().nOut(3).build()),
                new LastTimeStep(new Bidirectional(new LSTM.Builder().nOut(3).build())));
    }

    @Test
    void attention() throws Exception {
        sequences(
                "plain",
                new SelfAttentionLayer.Builder()
                        .nIn(CHANNELS)
                        .nOut(CHANNELS)
                        .nHeads(1)
                        .projectInput(false)
                        .build(),
                average());
        for (int heads = 1; heads <= 3; heads++) {
            sequences(
                    heads + " heads",
                    new SelfAttentionLayer.Builder()
                            .nOut(6)
                            .nHeads(heads)
                            .projectInput(true)
                            .build(),
                    average());
            sequences(
                    heads + " heads of width 4",
                    new SelfAttentionLayer.Builder()
                            .nOut(5)
                            .nHeads(heads)
                            .headSize(4)
                            .projectInput(true)
                            .build(),
                    average());
        }
    }

    /** DL4J 1.0.0-M2.1 fails in this layer's own code, so that ND4J's attention stands in for its output. */
    @Test
    void learnedQueries() throws Exception {
        for (int heads = 1; heads <= 3; heads++) {
            LearnedSelfAttentionLayer layer = new LearnedSelfAttentionLayer.Builder()
                    .nIn(CHANNELS)
                    .nOut(6)
                    .nHeads(heads)
                    .nQueries(2)
                    .projectInput(true)
                    .build();
            MultiLayerNetwork network =
                    RandomNetworks.stack(13, InputType.recurrent(CHANNELS, LENGTH), layer, average(), classes(3));
            Map<String, INDArray> weights = network.getLayer(0).paramTable();
            float[] numbers = NetworkParity.numbers(CHANNELS * LENGTH, 14);
            int rowCount = numbers.length / (CHANNELS * LENGTH);
            INDArray steps = Nd4j.create(numbers.clone(), new long[] {rowCount, CHANNELS, LENGTH}, 'c');
            INDArray queries = Nd4j.tile(weights.get("Q"), rowCount, 1, 1);
            INDArray attended = Nd4j.nn()
                    .multiHeadDotProductAttention(
                            queries,
                            steps,
                            steps,
                            weights.get("Wq"),
                            weights.get("Wk"),
                            weights.get("Wv"),
                            weights.get("Wo"),
                            null,
                            true);
            // The same seed: the same output layer.
            INDArray output = RandomNetworks.stack(13, InputType.recurrent(6, 2), average(), classes(3))
                    .output(attended);
            NetworkBuilder builder = new NetworkBuilder(NetworkParity.sequences(CHANNELS, LENGTH));
            NetworkParity.check(
                    heads + " heads, learned queries",
                    new NetworkReader(builder, Task.MULTICLASS).read(network, builder.sequences()),
                    Task.MULTICLASS,
                    new Rows(rowCount, numbers, new String[0]),
                    output.dup('c').data().asFloat(),
                    TOLERANCE);
        }
    }

    @Test
    void denseLayersOnEveryStep() throws Exception {
        sequences(
                "dense, lstm, dense",
                new DenseLayer.Builder().nOut(4).activation(Activation.RELU).build(),
                new LSTM.Builder().nOut(3).build(),
                new DenseLayer.Builder().nOut(5).activation(Activation.SOFTMAX).build(),
                new Convolution1DLayer.Builder(2).nOut(3).build(),
                average());
    }

    private static GlobalPoolingLayer average() {
        return new GlobalPoolingLayer.Builder(PoolingType.AVG).build();
    }

    private static void columns(String name, int width, Task task, Layer... layers) throws Exception {
        NetworkParity.check(
                name,
                RandomNetworks.stack(7, InputType.feedForward(width), layers),
                NetworkParity.columns(width),
                NetworkParity.numbers(width, 8),
                task,
                TOLERANCE,
                width);
    }

    private static void sequences(String name, Layer... layers) throws Exception {
        List<Layer> all = new ArrayList<>(List.of(layers));
        all.add(classes(3));
        NetworkParity.check(
                name,
                RandomNetworks.stack(9, InputType.recurrent(CHANNELS, LENGTH), all.toArray(new Layer[0])),
                NetworkParity.sequences(CHANNELS, LENGTH),
                NetworkParity.numbers(CHANNELS * LENGTH, 10),
                Task.MULTICLASS,
                RECURRENT_TOLERANCE,
                CHANNELS,
                LENGTH);
    }

    private static void image(String name, int height, int width, int channels, Layer... layers) throws Exception {
        List<Layer> all = new ArrayList<>(List.of(layers));
        all.add(new DenseLayer.Builder().nOut(4).build());
        all.add(classes(3));
        int size = channels * height * width;
        NetworkParity.check(
                name,
                RandomNetworks.stack(
                        11, InputType.convolutionalFlat(height, width, channels), all.toArray(new Layer[0])),
                NetworkParity.sequences(1, size),
                NetworkParity.numbers(size, 12),
                Task.MULTICLASS,
                TOLERANCE,
                size);
    }
}
