package io.foresell.training.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.Activation;
import io.foresell.proto.training.v1.GlobalPool;
import io.foresell.proto.training.v1.Network;
import io.foresell.proto.training.v1.Optimizer;
import io.foresell.proto.training.v1.ScheduleKind;
import io.foresell.training.fit.neural.ConvolutionLayers;
import io.foresell.training.fit.neural.GradientClipping;
import io.foresell.training.fit.neural.ImageInput;
import io.foresell.training.fit.neural.LearningRateSchedule;
import io.foresell.training.fit.neural.NeuralNetwork;
import io.foresell.training.fit.neural.Nonlinearity;
import io.foresell.training.fit.neural.StepLayers;
import io.foresell.training.fit.neural.VectorLayers;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class NetworkProtosTest {
    @Test
    void absentFieldsMeanTheirDefaults() {
        assertThat(read(Network.newBuilder())).isEqualTo(NeuralNetwork.DEFAULT);
    }

    @Test
    void layersKeepTheirOrderAndGetTheirDefaults() {
        Network.Builder message = Network.newBuilder();
        message.addLayersBuilder().getConv1DBuilder().setFilters(8);
        message.addLayersBuilder().getMaxPoolBuilder().setSize(3);
        message.addLayersBuilder().getLstmBuilder().setUnits(32).setBidirectional(true);
        message.addLayersBuilder().setGlobalPool(GlobalPool.GLOBAL_POOL_MAX);
        message.addLayersBuilder().getBatchNormBuilder();
        message.addLayersBuilder()
                .getDenseBuilder()
                .setActivation(Activation.ACTIVATION_TANH)
                .setDropout(0.2);
        message.addLayersBuilder().setDropout(0.5);

        assertThat(read(message).layers())
                .isEqualTo(List.of(
                        new ConvolutionLayers.Conv1d(8, 3, 1, 1, Nonlinearity.RELU),
                        new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MAX, 3, 3),
                        new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, 32, true),
                        new StepLayers.Pooled(io.foresell.training.fit.neural.GlobalPool.MAX),
                        new VectorLayers.BatchNorm(),
                        new VectorLayers.Dense(32, Nonlinearity.TANH, 0.2),
                        new VectorLayers.Dropout(0.5)));
    }

    @Test
    void trainingAndInputsAreRead() {
        Network.Builder message =
                Network.newBuilder().setOptimizer(Optimizer.OPTIMIZER_SGD).setNetworks(3);
        message.getScheduleBuilder().setKind(ScheduleKind.SCHEDULE_KIND_STEP);
        message.getGradientClippingBuilder().setNorm(2);
        message.getImageBuilder().setFeature("picture").setHeight(8).setWidth(6);
        message.getCategoriesBuilder().setOneHotUpTo(0);

        NeuralNetwork network = read(message);
        assertThat(network.training().optimizer()).isEqualTo(io.foresell.training.fit.neural.Optimizer.SGD);
        assertThat(network.training().networkCount()).isEqualTo(3);
        assertThat(network.training().schedule())
                .isEqualTo(new LearningRateSchedule(LearningRateSchedule.Kind.STEP, 0.5, 10));
        assertThat(network.training().clipping()).isEqualTo(GradientClipping.norm(2));
        assertThat(network.inputs().image()).contains(new ImageInput("picture", 8, 6, 1));
        assertThat(network.inputs().oneHotCategories()).isZero();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("network.layers[0]", message -> message.addLayersBuilder()),
                fault(
                        "network.layers[0].dense.units",
                        message -> message.addLayersBuilder().getDenseBuilder().setUnits(5000)),
                fault(
                        "network.layers[0].dense.dropout",
                        message -> message.addLayersBuilder().getDenseBuilder().setDropout(1)),
                fault(
                        "network.layers[0].dense.activation",
                        message -> message.addLayersBuilder().getDenseBuilder().setActivationValue(99)),
                fault(
                        "network.layers[0].conv1d.kernel",
                        message -> message.addLayersBuilder().getConv1DBuilder().setKernel(-1)),
                fault("network.layers[0].attention.units", message -> message.addLayersBuilder()
                        .getAttentionBuilder()
                        .setHeads(3)
                        .setUnits(16)),
                fault("network.layers[0].global_pool", message -> message.addLayersBuilder()
                        .setGlobalPoolValue(0)),
                fault("network.epochs", message -> message.setEpochs(1001)),
                fault("network.learning_rate", message -> message.setLearningRate(0)),
                fault("network.weight_decay", message -> message.setWeightDecay(-1)),
                fault("network.held_back", message -> message.setHeldBack(0.9)),
                fault("network.networks", message -> message.setNetworks(21)),
                fault("network.schedule.kind", message -> message.getScheduleBuilder()
                        .setKindValue(9)),
                fault(
                        "network.image.feature",
                        message -> message.getImageBuilder().setHeight(1).setWidth(1)),
                fault("network.text.length", message -> message.getTextBuilder().setLength(1)));
    }

    private static Arguments fault(String field, Consumer<Network.Builder> change) {
        return Arguments.of(field, change);
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesTheFieldAtFault(String field, Consumer<Network.Builder> change) {
        Network.Builder message = Network.newBuilder();
        change.accept(message);
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> read(message));
        assertThat(refused.failure().violations())
                .extracting(Failure.FieldViolation::field)
                .containsExactly(field);
    }

    private static NeuralNetwork read(Network.Builder message) {
        SpecCheck check = new SpecCheck();
        var network = NetworkProtos.network("network", message.build(), check);
        check.done();
        return (NeuralNetwork) network;
    }
}
