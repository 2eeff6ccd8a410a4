package io.foresell.training.fit.neural;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedImages;
import io.foresell.training.dataset.PlantedRows;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTexts;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.OnnxRuntimeJudge;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** DL4J, ONNX Runtime and the compiled scorer answer alike on held-out rows, some values missing or never seen. */
final class NetworkKindsParityTest {
    private static final NetworkLayer DENSE = new VectorLayers.Dense(6, Nonlinearity.GELU, 0.2);
    private static final NetworkLayer NORM = new VectorLayers.BatchNorm();
    private static final NetworkLayer MAXIMUM = new StepLayers.Pooled(GlobalPool.MAX);
    private static final ImageInput IMAGE = new ImageInput("picture", 8, 4, 2);

    @Test
    void numbersAndEmbeddedCategoriesForEveryTask() throws Exception {
        for (TrainingSet set :
                List.of(PlantedRows.binary(150, 0.4, 1), PlantedRows.classes(150, 2), PlantedRows.values(150, 3))) {
            check(set, network(1, DENSE, NORM, DENSE));
            check(set, network(3, new VectorLayers.Dropout(0.2), DENSE));
            check(set, network(2));
        }
    }

    @Test
    void sequences() throws Exception {
        TrainingSet set = PlantedSequences.of(150, 9, 2);
        check(
                set,
                network(
                        1,
                        convolution(3, 1),
                        new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MEAN, 2, 2),
                        MAXIMUM));
        check(set, network(1, convolution(4, 2), new StepLayers.Pooled(GlobalPool.MEAN), DENSE));
        for (boolean isBidirectional : new boolean[] {false, true}) {
            check(set, network(1, recurrent(StepLayers.Recurrent.Kind.LSTM, isBidirectional), DENSE));
            check(set, network(1, recurrent(StepLayers.Recurrent.Kind.RNN, isBidirectional), DENSE));
        }
        check(set, network(1, convolution(3, 1), recurrent(StepLayers.Recurrent.Kind.LSTM, true), MAXIMUM, DENSE));
        check(set, network(1, new StepLayers.Attention(2, 6), new StepLayers.Pooled(GlobalPool.MEAN), DENSE));
        check(set, network(2, recurrent(StepLayers.Recurrent.Kind.LSTM, false)));
    }

    @Test
    void images() throws Exception {
        NetworkLayer squares = new ConvolutionLayers.Conv2d(4, 3, 1, Nonlinearity.RELU);
        NetworkLayer halves = new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MAX, 2, 2);
        TrainingSet set = PlantedImages.of(150, 1);
        check(set, pictures(squares, NORM, halves, new StepLayers.Flatten(), DENSE));
        check(set, pictures(squares, new ConvolutionLayers.Pool(ConvolutionLayers.Pool.Kind.MEAN, 3, 1), MAXIMUM));
        check(set, pictures());
    }

    @Test
    void words() throws Exception {
        TrainingSet set = PlantedTexts.of(150, 1);
        check(set, network(1, convolution(3, 1), MAXIMUM, DENSE));
        check(set, network(1, recurrent(StepLayers.Recurrent.Kind.LSTM, true), DENSE));
        check(set, network(2));
    }

    private static NetworkLayer convolution(int kernel, int dilation) {
        return new ConvolutionLayers.Conv1d(5, kernel, 1, dilation, Nonlinearity.RELU);
    }

    private static NetworkLayer recurrent(StepLayers.Recurrent.Kind kind, boolean isBidirectional) {
        return new StepLayers.Recurrent(kind, 4, isBidirectional);
    }

    private static NeuralNetwork network(int count, NetworkLayer... layers) {
        return Fits.network(plan(count), layers);
    }

    private static NeuralNetwork pictures(NetworkLayer... layers) {
        return Fits.overImages(plan(1), IMAGE, layers);
    }

    private static TrainingPlan plan(int networkCount) {
        return new TrainingPlan(
                2,
                32,
                Optimizer.ADAM,
                0.01,
                LearningRateSchedule.CONSTANT,
                0.01,
                GradientClipping.value(1),
                2,
                0.1,
                networkCount,
                1);
    }

    private static void check(TrainingSet set, NeuralNetwork network) throws Exception {
        Fold fold = Splitter.split(set, new SplitPlan.Entity(0.3), 5).get(0);
        try (FittedModel model = network.fitter(1).fit(FitRequest.of(fold.training(), 11))) {
            Signature signature = model.signature();
            Rows rows = damaged(fold.heldOut().rows(signature));
            double[] expected = model.predict(rows);
            byte[] onnx = model.onnx();
            Scorer scorer = ScorerCompiler.compile(
                    onnx,
                    signature,
                    model.answer(),
                    Background.of(signature, fold.training().rows(signature)));
            float[] actual = new float[expected.length];
            scorer.score(rows, actual);
            float[] judged = OnnxRuntimeJudge.score(onnx, signature, rows);
            for (int i = 0; i < actual.length; i++) {
                double allowed = model.parityTolerance() * Math.max(1, Math.abs(expected[i]));
                assertThat((double) actual[i]).isBetween(expected[i] - allowed, expected[i] + allowed);
                assertThat((double) judged[i]).isBetween(expected[i] - allowed, expected[i] + allowed);
            }
            assertThat(Arrays.stream(expected).distinct().count()).isGreaterThan(10);
        }
    }

    private static Rows damaged(Rows rows) {
        Random random = new Random(3);
        float[] numbers = rows.numbers().clone();
        String[] texts = rows.texts().clone();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(5) == 0 ? Float.NaN : numbers[i];
        }
        for (int i = 0; i < texts.length; i++) {
            int chance = random.nextInt(6);
            texts[i] = chance == 0 ? "" : chance == 1 ? "never seen" : texts[i];
        }
        return new Rows(rows.rowCount(), numbers, texts);
    }
}
