package io.foresell.training.fit.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.graph.network.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
    private static final NetworkLayer DENSE = new VectorLayers.Dense(8, Nonlinearity.RELU, 0);
    private static final NetworkLayer CONVOLUTION = new ConvolutionLayers.Conv1d(6, 3, 1, 1, Nonlinearity.RELU);
    private static final NetworkLayer LSTM = new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, 5, false);
    private static final NetworkLayer BOTH_WAYS = new StepLayers.Recurrent(StepLayers.Recurrent.Kind.LSTM, 5, true);
    private static final NetworkLayer SQUARES = new ConvolutionLayers.Conv2d(4, 3, 1, Nonlinearity.RELU);
    private static final NetworkLayer HALVES = new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MAX, 2, 2);
    private static final Architecture.Body WEEKS = new Architecture.Body("sequences", new Shape.Sequence(2, 10), false);
    private static final Architecture.Body WORDS = new Architecture.Body("words", new Shape.Sequence(16, 12), true);
    private static final Architecture.Body IMAGE = new Architecture.Body("image", new Shape.Image(3, 8, 8), false);

    @Test
    void aSequenceBecomesAVectorBeforeTheFirstDenseLayer() {
        Architecture convolved = Architecture.of(List.of(CONVOLUTION, DENSE), List.of(WEEKS), 4);
        assertThat(convolved.branches().get(0))
                .extracting(step -> step.layer())
                .containsExactly(CONVOLUTION, new StepLayers.Pooled(GlobalPool.MAX));
        assertThat(convolved.trunk()).extracting(step -> step.input()).containsExactly(new Shape.Vector(6 + 4));
        assertThat(convolved.outputInputs()).isEqualTo(8);

        assertThat(pooling(LSTM, WEEKS)).isEqualTo(new StepLayers.Pooled(GlobalPool.LAST));
        assertThat(pooling(BOTH_WAYS, WEEKS)).isEqualTo(new StepLayers.Pooled(GlobalPool.MAX));
        // The last step of a short text is no word.
        assertThat(pooling(LSTM, WORDS)).isEqualTo(new StepLayers.Pooled(GlobalPool.MAX));
        assertThat(pooling(SQUARES, IMAGE)).isEqualTo(new StepLayers.Flatten());
    }

    private static NetworkLayer pooling(NetworkLayer layer, Architecture.Body body) {
        List<Architecture.Step> branch =
                Architecture.of(List.of(layer), List.of(body), 0).branches().get(0);
        return branch.get(branch.size() - 1).layer();
    }

    @Test
    void everyBodyGoesThroughTheLayersWithWeightsOfItsOwn() {
        Architecture both = Architecture.of(List.of(CONVOLUTION, DENSE), List.of(WEEKS, WORDS), 0);
        assertThat(both.branches()).hasSize(2);
        assertThat(both.trunk().get(0).input()).isEqualTo(new Shape.Vector(12));
    }

    @Test
    void bodiesWithoutDeclaredLayersGetTheUsualOnes() {
        Architecture dense = Architecture.of(List.of(DENSE), List.of(WEEKS, IMAGE), 0);
        assertThat(dense.branches())
                .allSatisfy(branch ->
                        assertThat(branch.get(branch.size() - 1).output()).isInstanceOf(Shape.Vector.class));
        assertThat(Architecture.of(List.of(), List.of(), 5).trunk()).hasSize(2);
    }

    @Test
    void aLayerThatCannotReadWhatItGetsIsNamed() {
        assertMisfit(
                List.of(CONVOLUTION, DENSE),
                List.of(),
                "layers[0] conv1d{filters: 6, kernel: 3, stride: 1, dilation: 1, activation: relu} over the features: reads"
                        + " numbers and categories only (expected: a sequence, an image or words)");
        assertMisfit(
                List.of(SQUARES, DENSE),
                List.of(WEEKS),
                "sequences: reads a sequence of 10 steps x 2 (expected: an image)");
        assertMisfit(List.of(LSTM), List.of(IMAGE), "image: reads an image of 8 x 8 x 3 (expected: a sequence)");
        assertMisfit(
                List.of(HALVES, HALVES, HALVES, HALVES),
                List.of(WEEKS),
                "layers[3] max_pool{size: 2, stride: 2} over sequences: reads a sequence of 1 steps x 2 (expected: a"
                        + " sequence or an image of 2 or more each way)");
        assertMisfit(
                List.of(DENSE, LSTM),
                List.of(WEEKS),
                "layers[1] lstm{units: 5, bidirectional: false} over the joined values: reads 8 numbers");
        assertMisfit(
                List.of(CONVOLUTION, new VectorLayers.BatchNorm(), new StepLayers.Pooled(GlobalPool.MAX)),
                List.of(WEEKS),
                "layers[1] batch_norm over sequences: reads a sequence");
        assertMisfit(
                List.of(new StepLayers.Pooled(GlobalPool.LAST)),
                List.of(IMAGE),
                "global_pool: last over image: reads an image");
        assertMisfit(List.of(new StepLayers.Flatten()), List.of(WEEKS), "flatten over sequences: reads a sequence");
    }

    private static void assertMisfit(List<NetworkLayer> layers, List<Architecture.Body> bodies, String message) {
        ServiceException refused =
                catchThrowableOfType(ServiceException.class, () -> Architecture.of(layers, bodies, 3));
        assertThat(refused.failure().reason()).isEqualTo("NETWORK_LAYER_MISFIT");
        assertThat(refused.failure().message()).contains(message);
    }

    @Test
    void featuresThatAreNotAsDeclaredAreRefusedBeforeFitting() {
        List<InputField> features =
                List.of(InputField.number("age"), InputField.sequence("picture", 64), InputField.text("message"));
        assertRefused(
                image("picture", 8, 9),
                features,
                "NETWORK_INPUT_MISFIT",
                "values of image picture: 64 (expected: 72 = 8 x 9 x 1)");
        assertRefused(image("photo", 8, 8), features, "NETWORK_INPUT_MISSING", "image.feature: photo");
        assertRefused(text("age"), features, "NETWORK_INPUT_MISFIT", "age is a number (expected: a text)");
        assertRefused(text("note"), features, "NETWORK_INPUT_MISSING", "text.features: note");
        new NeuralNetwork(List.of(SQUARES), image("picture", 8, 8), TrainingPlan.DEFAULT)
                .requireReadable(features.subList(0, 2));
    }

    private static InputPlan image(String feature, int height, int width) {
        return Fits.inputs(new ImageInput(feature, height, width, 1));
    }

    private static InputPlan text(String feature) {
        return new InputPlan(Optional.empty(), List.of(feature), 5000, 0, 64, 20, 0);
    }

    private static void assertRefused(InputPlan inputs, List<InputField> features, String reason, String message) {
        NeuralNetwork network = new NeuralNetwork(List.of(), inputs, TrainingPlan.DEFAULT);
        ServiceException refused =
                catchThrowableOfType(ServiceException.class, () -> network.requireReadable(features));
        assertThat(refused.failure().reason()).isEqualTo(reason);
        assertThat(refused.failure().message()).contains(message);
    }
}
