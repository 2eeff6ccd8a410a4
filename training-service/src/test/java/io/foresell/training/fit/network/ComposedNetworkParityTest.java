package io.foresell.training.fit.network;

import static io.foresell.training.fit.network.NetworkParity.RECURRENT_TOLERANCE;
import static io.foresell.training.fit.network.NetworkParity.TOLERANCE;

import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.network.Network;
import io.foresell.model.graph.network.NetworkBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Networks of several layers, their depth, widths and settings drawn from a seed. */
final class ComposedNetworkParityTest {
    private static final List<Task> TASKS = List.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    private static final List<ElementWiseVertex.Op> OPERATIONS = List.of(
            ElementWiseVertex.Op.Add,
            ElementWiseVertex.Op.Subtract,
            ElementWiseVertex.Op.Product,
            ElementWiseVertex.Op.Average,
            ElementWiseVertex.Op.Max);
    private static final Activation[] FUNCTIONS = {
        Activation.RELU, Activation.TANH, Activation.ELU, Activation.GELU, Activation.SWISH, Activation.LEAKYRELU
    };

    @Test
    void denseNetworks() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int width = 1 + random.nextInt(12);
            List<Layer> layers = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                layers.add(dense(random));
                if (random.nextInt(3) == 0) {
                    layers.add(new BatchNormalization());
                }
                if (random.nextInt(3) == 0) {
                    layers.add(new DropoutLayer(0.5));
                }
            }
            check(
                    "dense " + seed,
                    seed,
                    InputType.feedForward(width),
                    layers,
                    NetworkParity.columns(width),
                    TOLERANCE,
                    width);
        }
    }

    @Test
    void convolutionsOverSequences() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(100 + seed);
            int channels = 1 + random.nextInt(4);
            int length = 6 + random.nextInt(30);
            List<Layer> layers = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                layers.add(new Convolution1DLayer.Builder(1 + random.nextInt(4))
                        .nOut(1 + random.nextInt(8))
                        .dilation(1 + random.nextInt(2))
                        .convolutionMode(random.nextBoolean() ? ConvolutionMode.Same : ConvolutionMode.Causal)
                        .activation(function(random))
                        .build());
                if (random.nextBoolean()) {
                    layers.add(new Subsampling1DLayer.Builder(
                                    random.nextBoolean()
                                            ? SubsamplingLayer.PoolingType.MAX
                                            : SubsamplingLayer.PoolingType.AVG,
                                    2,
                                    1 + random.nextInt(2))
                            .convolutionMode(ConvolutionMode.Same)
                            .build());
                }
            }
            layers.add(pooling(random));
            layers.add(dense(random));
            checkSequences("convolution " + seed, seed, channels, length, layers, TOLERANCE);
        }
    }

    @Test
    void convolutionsOverImages() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(200 + seed);
            int channels = 1 + random.nextInt(3);
            int height = 5 + random.nextInt(8);
            int width = 5 + random.nextInt(8);
            List<Layer> layers = new ArrayList<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                layers.add(new ConvolutionLayer.Builder(1 + random.nextInt(3), 1 + random.nextInt(3))
                        .nOut(1 + random.nextInt(6))
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(function(random))
                        .build());
                layers.add(new BatchNormalization());
                layers.add(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
                        .kernelSize(2, 2)
                        .stride(1 + random.nextInt(2), 1 + random.nextInt(2))
                        .convolutionMode(ConvolutionMode.Truncate)
                        .build());
            }
            layers.add(dense(random));
            int size = channels * height * width;
            check(
                    "image " + seed,
                    seed,
                    InputType.convolutionalFlat(height, width, channels),
                    layers,
                    NetworkParity.sequences(1, size),
                    TOLERANCE,
                    size);
        }
    }

    @Test
    void recurrentNetworks() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(300 + seed);
            List<Layer> layers = new ArrayList<>();
            if (random.nextBoolean()) {
                layers.add(new Convolution1DLayer.Builder(3)
                        .nOut(4)
                        .convolutionMode(ConvolutionMode.Same)
                        .build());
            }
            for (int i = random.nextInt(3); i > 0; i--) {
                layers.add(cell(random));
            }
            layers.add(random.nextBoolean() ? new LastTimeStep(cell(random)) : pooling(random));
            layers.add(dense(random));
            checkSequences(
                    "recurrent " + seed,
                    seed,
                    1 + random.nextInt(4),
                    2 + random.nextInt(25),
                    layers,
                    RECURRENT_TOLERANCE);
        }
    }

    @Test
    void longSequences() throws Exception {
        checkSequences(
                "120 steps",
                5,
                2,
                120,
                List.of(new LastTimeStep(new LSTM.Builder().nOut(12).build())),
                RECURRENT_TOLERANCE);
    }

    @Test
    void graphsWithBranches() throws Exception {
        for (int seed = 0; seed < 6; seed++) {
            Random random = new Random(400 + seed);
            int channels = 2 + random.nextInt(3);
            int length = 5 + random.nextInt(8);
            int width = 1 + random.nextInt(5);
            ComputationGraph graph = branched(seed, channels, length, width, OPERATIONS.get(seed % 5));
            RandomNetworks.draw(graph, seed);
            List<InputEncoding> encodings =
                    new ArrayList<>(NetworkParity.sequences(channels, length).encodings());
            encodings.addAll(NetworkParity.columns(width).encodings());
            NetworkBuilder builder = new NetworkBuilder(new Preprocessing(encodings));
            Network network = new NetworkReader(builder, Task.MULTICLASS)
                    .read(graph, Map.of("sequences", builder.sequences(), "columns", builder.columns()));

            float[] numbers = NetworkParity.numbers(channels * length + width, seed);
            int rowCount = numbers.length / (channels * length + width);
            INDArray rows = Nd4j.create(numbers.clone(), new long[] {rowCount, channels * length + width}, 'c');
            INDArray sequences =
                    rows.get(all(), upTo(0, channels * length)).dup('c').reshape(rowCount, channels, length);
            INDArray columns = rows.get(all(), upTo(channels * length, channels * length + width))
                    .dup('c');
            float[] expected =
                    graph.outputSingle(sequences, columns).dup('c').data().asFloat();
            NetworkParity.check(
                    "graph " + seed,
                    network,
                    Task.MULTICLASS,
                    new Rows(rowCount, numbers, new String[0]),
                    expected,
                    RECURRENT_TOLERANCE);
        }
    }

    private static INDArrayIndex all() {
        return NDArrayIndex.all();
    }

    private static INDArrayIndex upTo(int from, int until) {
        return NDArrayIndex.interval(from, until);
    }

    private static ComputationGraph branched(
            long seed, int channels, int length, int width, ElementWiseVertex.Op operation) {
        var graph = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("sequences", "columns")
                .setInputTypes(InputType.recurrent(channels, length), InputType.feedForward(width))
                .addLayer("convolution", same(channels), "sequences")
                .addVertex("residual", new ElementWiseVertex(operation), "convolution", "sequences")
                .addLayer("other", same(3), "sequences")
                .addVertex("both", new MergeVertex(), "residual", "other")
                .addLayer("lstm", new LSTM.Builder().nOut(5).build(), "both")
                .addVertex("last", new LastTimeStepVertex("sequences"), "lstm")
                .addLayer("pooled", new GlobalPoolingLayer(PoolingType.MAX), "both")
                .addVertex("some", new SubsetVertex(width / 2, width - 1), "columns")
                .addVertex("joined", new MergeVertex(), "last", "some", "pooled")
                .addLayer("hidden", new DenseLayer.Builder().nOut(4).build(), "joined")
                .addLayer("output", RandomNetworks.classes(3), "hidden")
                .setOutputs("output");
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    private static Convolution1DLayer same(int filters) {
        return new Convolution1DLayer.Builder(3)
                .nOut(filters)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private static Activation function(Random random) {
        return FUNCTIONS[random.nextInt(FUNCTIONS.length)];
    }

    private static DenseLayer dense(Random random) {
        return new DenseLayer.Builder()
                .nOut(1 + random.nextInt(10))
                .hasBias(random.nextInt(4) > 0)
                .activation(function(random))
                .build();
    }

    private static Layer cell(Random random) {
        int units = 1 + random.nextInt(6);
        return switch (random.nextInt(4)) {
            case 0 -> new LSTM.Builder().nOut(units).build();
            case 1 -> new SimpleRnn.Builder().nOut(units).build();
            case 2 -> new Bidirectional(new LSTM.Builder().nOut(units).build());
            default -> new Bidirectional(
                    Bidirectional.Mode.AVERAGE,
                    new SimpleRnn.Builder().nOut(units).build());
        };
    }

    private static GlobalPoolingLayer pooling(Random random) {
        PoolingType[] types = {PoolingType.MAX, PoolingType.AVG, PoolingType.SUM};
        return new GlobalPoolingLayer(types[random.nextInt(types.length)]);
    }

    private static void checkSequences(
            String name, int seed, int channels, int length, List<Layer> layers, double tolerance) throws Exception {
        check(
                name,
                seed,
                InputType.recurrent(channels, length),
                layers,
                NetworkParity.sequences(channels, length),
                tolerance,
                channels,
                length);
    }

    private static void check(
            String name,
            int seed,
            InputType input,
            List<Layer> layers,
            Preprocessing preprocessing,
            double tolerance,
            long... shape)
            throws Exception {
        List<Layer> all = new ArrayList<>(layers);
        Task task = TASKS.get(seed % 3);
        all.add(
                switch (task) {
                    case BINARY -> RandomNetworks.binary();
                    case MULTICLASS -> RandomNetworks.classes(2 + seed % 4);
                    default -> RandomNetworks.value();
                });
        int width = preprocessing.signature().numberWidth();
        NetworkParity.check(
                name,
                RandomNetworks.stack(seed, input, all.toArray(new Layer[0])),
                preprocessing,
                NetworkParity.numbers(width, seed),
                task,
                tolerance,
                shape);
    }
}
