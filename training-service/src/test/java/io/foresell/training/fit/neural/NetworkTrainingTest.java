package io.foresell.training.fit.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.training.dataset.PlantedRows;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class NetworkTrainingTest {
    private static final NetworkLayer DENSE = new VectorLayers.Dense(8, Nonlinearity.RELU, 0.3);
    private static final NetworkLayer CONVOLUTION = new ConvolutionLayers.Conv1d(4, 3, 1, 1, Nonlinearity.RELU);

    @TempDir
    Path folder;

    /** Dropout, the optimizer's memory, a schedule that remembers, and two networks: all of it survives. */
    @Test
    void aFitThatWasInterruptedEndsAsOneThatWasNot() throws IOException {
        TrainingFold fold = TrainingFold.all(PlantedSequences.of(150, 6, 1));
        NeuralNetwork network = Fits.network(
                plan(8, Optimizer.ADAM, 0.02, new LearningRateSchedule(LearningRateSchedule.Kind.PLATEAU, 0.5, 1), 2),
                CONVOLUTION,
                DENSE);
        byte[] expected;
        Map<String, byte[]> source;
        try (FittedModel model = network.fitter(1).fit(FitRequest.of(fold, 5))) {
            expected = model.onnx();
            source = model.source();
        }
        for (int stopAfter : new int[] {3, 11}) {
            interrupt(network, fold, stopAfter);
        }
        List<Integer> epochs = new ArrayList<>();
        try (FittedModel model = network.fitter(1)
                .fit(FitRequest.of(fold, 5)
                        .withCheckpoints(folder)
                        .heardBy((iteration, count, loss) -> epochs.add(iteration)))) {
            assertThat(model.onnx()).isEqualTo(expected);
            assertThat(model.source().keySet()).isEqualTo(source.keySet());
            source.forEach((name, bytes) -> assertThat(model.source()).containsEntry(name, bytes));
        }
        assertThat(epochs).containsExactly(12, 13, 14, 15, 16);
        assertThat(files()).hasSize(2);
    }

    private void interrupt(NeuralNetwork network, TrainingFold fold, int stopAfter) {
        AtomicBoolean isStopped = new AtomicBoolean();
        assertThatThrownBy(() -> network.fitter(1)
                        .fit(FitRequest.of(fold, 5)
                                .withCheckpoints(folder)
                                .heardBy((iteration, count, loss) -> isStopped.set(iteration >= stopAfter))
                                .until(isStopped::get)))
                .isInstanceOf(CancellationException.class);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aCheckpointOfAnotherFitOrADamagedOneIsNotRead() throws IOException {
        TrainingFold fold = TrainingFold.all(PlantedSequences.of(120, 6, 1));
        NeuralNetwork network = Fits.network(Fits.plan(3, 32, 0.01), CONVOLUTION, DENSE);
        byte[] expected = onnx(network, FitRequest.of(fold, 5));
        assertThat(onnx(network, FitRequest.of(fold, 6).withCheckpoints(folder)))
                .isNotEqualTo(expected);
        assertThat(onnx(network, FitRequest.of(fold, 5).withCheckpoints(folder)))
                .isEqualTo(expected);
        assertThat(files()).hasSize(2);
        for (Path file : files()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        assertThat(onnx(network, FitRequest.of(fold, 5).withCheckpoints(folder)))
                .isEqualTo(expected);
        for (Path file : files()) {
            Files.write(file, new byte[3]);
        }
        assertThat(onnx(network, FitRequest.of(fold, 5).withCheckpoints(folder)))
                .isEqualTo(expected);
    }

    private static byte[] onnx(NeuralNetwork network, FitRequest request) {
        try (FittedModel model = network.fitter(1).fit(request)) {
            return model.onnx();
        }
    }

    @Test
    void weightsOfClassesCountOnce() {
        TrainingFold fold = TrainingFold.all(PlantedRows.binary(500, 0.2, 1));
        NeuralNetwork network = Fits.network(Fits.plan(12, 32, 0.01), CONVOLUTION, DENSE);

        assertThat(meanAnswer(network, FitRequest.of(fold, 1))).isBetween(0.14, 0.26);
        // Twice would be 16 times the odds: a mean of .8.
        assertThat(meanAnswer(network, FitRequest.of(fold, 1).weighted(ClassWeights.BALANCED)))
                .isBetween(0.4, 0.6);
    }

    private static double meanAnswer(NeuralNetwork network, FitRequest request) {
        try (FittedModel model = network.fitter(1).fit(request)) {
            Rows rows = request.fold().rows(model.signature());
            return Arrays.stream(model.predict(rows)).average().orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource(LearningRateSchedule.Kind.class)
    void everyScheduleLearnsValuesFarFromZero(LearningRateSchedule.Kind kind) {
        TrainingSet set = PlantedRows.values(300, 1);
        Optimizer optimizer =
                switch (kind) {
                    case STEP -> Optimizer.SGD;
                    case COSINE -> Optimizer.RMS_PROP;
                    case CONSTANT, EXPONENTIAL, PLATEAU -> Optimizer.ADAM;
                };
        double learningRate = optimizer == Optimizer.SGD ? 0.03 : 0.01;
        NeuralNetwork network = Fits.network(
                plan(20, optimizer, learningRate, new LearningRateSchedule(kind, 0.9, 3), 1),
                CONVOLUTION,
                new VectorLayers.Dense(8, Nonlinearity.TANH, 0));
        TrainingFold fold = TrainingFold.all(set);
        try (FittedModel model = network.fitter(1).fit(FitRequest.of(fold, 1))) {
            double[] answers = model.predict(fold.rows(model.signature()));
            float[] values = fold.labels();
            double squares = 0;
            for (int row = 0; row < answers.length; row++) {
                squares += Math.pow(answers[row] - values[row], 2);
            }
            // The deviation of the values is 200.
            assertThat(Math.sqrt(squares / answers.length)).isLessThan(100);
        }
    }

    @Test
    void schedulesMultiplyTheFirstRate() {
        LearningRateSchedule step = new LearningRateSchedule(LearningRateSchedule.Kind.STEP, 0.5, 10);
        assertThat(step.share(9, 40, 0)).isEqualTo(1);
        assertThat(step.share(20, 40, 0)).isEqualTo(0.25);
        assertThat(new LearningRateSchedule(LearningRateSchedule.Kind.EXPONENTIAL, 0.9, 1).share(2, 40, 0))
                .isEqualTo(0.81);
        assertThat(LearningRateSchedule.COSINE.share(0, 40, 0)).isEqualTo(1);
        assertThat(LearningRateSchedule.COSINE.share(20, 40, 0)).isEqualTo(0.505);
        assertThat(LearningRateSchedule.COSINE.share(40, 40, 0)).isEqualTo(0.01);
        assertThat(new LearningRateSchedule(LearningRateSchedule.Kind.PLATEAU, 0.5, 2).share(30, 40, 3))
                .isEqualTo(0.125);
    }

    @Test
    void aLossThatIsNoNumberEndsWithAdvice() {
        TrainingFold fold = TrainingFold.all(PlantedRows.values(200, 1));
        TrainingPlan plan = new TrainingPlan(
                60, 16, Optimizer.SGD, 1, LearningRateSchedule.CONSTANT, 0, GradientClipping.NONE, 60, 0.1, 1, 1);
        NetworkLayer linear = new VectorLayers.Dense(64, Nonlinearity.IDENTITY, 0);
        NeuralNetwork network = Fits.network(plan, CONVOLUTION, linear, linear, linear);

        ServiceException diverged = catchThrowableOfType(
                ServiceException.class, () -> network.fitter(1).fit(FitRequest.of(fold, 1)));
        assertThat(diverged.failure().reason()).isEqualTo("NETWORK_DIVERGED");
        assertThat(diverged.failure().message()).contains("try a learning_rate below 1.0, gradient_clipping");
    }

    @Test
    void aNetworkLargerThanTheNativeMemoryIsRefused() {
        TrainingFold fold = TrainingFold.all(PlantedRows.values(50, 1));
        NetworkLayer wide = new VectorLayers.Dense(4096, Nonlinearity.RELU, 0);
        NeuralNetwork network = Fits.network(Fits.plan(1, 32, 0.01), CONVOLUTION, wide, wide, wide, wide);

        ServiceException refused = catchThrowableOfType(
                ServiceException.class, () -> network.fitter(1).fit(FitRequest.of(fold, 1)));
        assertThat(refused.failure().reason()).isEqualTo("NETWORK_TOO_LARGE");
    }

    @Test
    void trainingEndsWhenTheLossOnRowsHeldBackNoLongerFalls() {
        TrainingFold fold = TrainingFold.all(PlantedRows.binary(120, 0.5, 2));
        TrainingPlan plan = new TrainingPlan(
                200,
                16,
                Optimizer.ADAM,
                0.05,
                LearningRateSchedule.CONSTANT,
                0,
                GradientClipping.norm(1),
                3,
                0.2,
                1,
                1);
        List<Integer> epochs = new ArrayList<>();
        Fits.network(plan, CONVOLUTION, DENSE)
                .fitter(1)
                .fit(FitRequest.of(fold, 1).heardBy((iteration, count, loss) -> {
                    assertThat(count).isEqualTo(200);
                    assertThat(loss).isFinite();
                    epochs.add(iteration);
                }))
                .close();
        assertThat(epochs).hasSizeBetween(4, 100);
    }

    private static TrainingPlan plan(
            int epochs, Optimizer optimizer, double learningRate, LearningRateSchedule schedule, int networkCount) {
        return new TrainingPlan(
                epochs,
                32,
                optimizer,
                learningRate,
                schedule,
                0.01,
                GradientClipping.value(1),
                epochs,
                0.1,
                networkCount,
                1);
    }
}
