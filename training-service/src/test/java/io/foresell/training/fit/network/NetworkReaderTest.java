package io.foresell.training.fit.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.model.Task;
import io.foresell.model.graph.network.NetworkBuilder;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What cannot be described is refused by the layer's name. */
final class NetworkReaderTest {
    private static final InputType VECTOR = InputType.feedForward(4);
    private static final InputType SEQUENCE = InputType.recurrent(2, 5);
    private static final InputType IMAGE = InputType.convolutionalFlat(4, 5, 2);

    @Test
    void refusesUnknownLayers() {
        assertRefused(
                VECTOR,
                "layer layer0: AutoEncoder (expected: one of [ActivationLayer, ",
                new AutoEncoder.Builder().nOut(3).build());
        assertRefused(
                IMAGE,
                "layer normalised: LocalResponseNormalization",
                new LocalResponseNormalization.Builder().name("normalised").build());
    }

    @Test
    void refusesActivationsThatNoStandardOperatorComputes() {
        assertRefused(
                VECTOR,
                "activation rrelu",
                new DenseLayer.Builder().nOut(3).activation(Activation.RRELU).build());
        assertRefused(
                VECTOR,
                "activation gelu(precise=true)",
                new DenseLayer.Builder()
                        .nOut(3)
                        .activation(new ActivationGELU(true))
                        .build());
        assertRefused(
                SEQUENCE,
                "activation of a recurrent layer: leaky relu",
                new SimpleRnn.Builder().nOut(3).activation(Activation.LEAKYRELU).build());
    }

    @Test
    void refusesOtherFormatsAndNormalisations() {
        assertRefused(
                SEQUENCE,
                "layer normalisation",
                new DenseLayer.Builder().nOut(3).hasLayerNorm(true).build());
        assertRefused(
                InputType.recurrent(2, 5, RNNFormat.NWC),
                "NWC",
                new LSTM.Builder().nOut(3).dataFormat(RNNFormat.NWC).build(),
                new GlobalPoolingLayer(PoolingType.MAX));
        assertRefused(
                InputType.convolutional(4, 5, 2, CNN2DFormat.NHWC),
                "NHWC",
                new ConvolutionLayer.Builder(2, 2)
                        .nOut(3)
                        .dataFormat(CNN2DFormat.NHWC)
                        .build());
        assertRefused(
                SEQUENCE,
                "batch normalisation of Sequence",
                new BatchNormalization(),
                new GlobalPoolingLayer(PoolingType.MAX));
    }

    @Test
    void refusesOutputsThatDoNotFitTheTask() {
        var classes = RandomNetworks.stack(1, VECTOR, RandomNetworks.classes(3));
        NetworkBuilder builder = new NetworkBuilder(NetworkParity.columns(4));
        assertThatThrownBy(() -> new NetworkReader(builder, Task.BINARY).read(classes, builder.columns()))
                .isInstanceOf(UnsupportedLayerException.class)
                .hasMessageContaining("softmax of 3 for task binary");
        assertThatThrownBy(() -> new NetworkReader(builder, Task.RANKING))
                .hasMessageContaining("task of a network: ranking (expected: binary, multiclass or regression)");
        var steps = RandomNetworks.stack(
                1,
                SEQUENCE,
                new LSTM.Builder().nOut(3).build(),
                new RnnOutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build());
        NetworkBuilder over = new NetworkBuilder(NetworkParity.sequences(2, 5));
        assertThatThrownBy(() -> new NetworkReader(over, Task.MULTICLASS).read(steps, over.sequences()))
                .hasMessageContaining("RnnOutputLayer");
    }

    private static void assertRefused(InputType input, String message, Layer... layers) {
        Layer[] all = java.util.Arrays.copyOf(layers, layers.length + 1);
        all[layers.length] = RandomNetworks.classes(3);
        var network = RandomNetworks.stack(1, input, all);
        NetworkBuilder builder = new NetworkBuilder(
                input == VECTOR
                        ? NetworkParity.columns(4)
                        : input.getType() == InputType.Type.RNN
                                ? NetworkParity.sequences(2, 5)
                                : NetworkParity.sequences(1, 40));
        var value = input == VECTOR ? builder.columns() : builder.sequences();
        assertThatThrownBy(() -> new NetworkReader(builder, Task.MULTICLASS).read(network, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
