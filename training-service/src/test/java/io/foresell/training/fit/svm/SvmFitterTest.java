package io.foresell.training.fit.svm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SvmFitterTest {
    @Test
    void theSameSeedGivesTheSameMachineWithAnyNumberOfThreads() {
        TrainingSet set = PlantedTable.multiclass(300, 1);

        byte[] first = onnx(set, 5, 1);

        assertThat(onnx(set, 5, 3)).isEqualTo(first);
        assertThat(onnx(set, 6, 1)).isNotEqualTo(first);
    }

    @Test
    void probabilitiesAreHonestOnOtherRows() {
        TrainingFold fold = TrainingFold.all(PlantedTable.binary(800, 1));
        TrainingFold others = TrainingFold.all(PlantedTable.binary(800, 2));

        try (FittedModel model = Svm.DEFAULT.fitter(2).fit(FitRequest.of(fold, 1))) {
            double[] answers = model.predict(others.rows(model.signature()));
            double loss = 0;
            double mean = 0;
            for (int row = 0; row < answers.length; row++) {
                loss -= Math.log(others.labels()[row] == 1 ? answers[row] : 1 - answers[row]) / answers.length;
                mean += answers[row] / answers.length;
            }
            // A coin that knows the base rate only has 0.69.
            assertThat(loss).isLessThan(0.5);
            assertThat(mean).isCloseTo(others.meanLabel(), within(0.04));
        }
    }

    @Test
    void stopsWhenCancelled() {
        FitRequest request = FitRequest.of(TrainingFold.all(PlantedTable.binary(5000, 1)), 1);
        long until = System.nanoTime() + 300_000_000;

        assertThatThrownBy(() -> new Svm(KernelKind.RBF, 1e5, 1, 3, 1, 0.1)
                        .fitter(1)
                        .fit(request.until(() -> System.nanoTime() > until)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void refusesMoreRowsThanKernelsCanRead() {
        int count = SvmFitter.MAX_KERNEL_ROWS + 1;
        List<String> keys = IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
        double[] values = IntStream.range(0, count).mapToDouble(i -> i % 2).toArray();
        TrainingSet set = PlantedTable.set(
                keys, new RowBlock.NumberTarget(values), List.of(new RowBlock.Numbers("value", 1, values)));
        FitRequest request = FitRequest.of(TrainingFold.all(set), 1);

        assertThatThrownBy(() -> Svm.DEFAULT.fitter(1).fit(request))
                .hasMessageContaining("rows of a kernel machine: 50001 (expected: at most 50000");
        try (FittedModel model =
                new Svm(KernelKind.LINEAR, 1, 0, 3, 1, 0.1).fitter(1).fit(request)) {
            double[] answers = model.predict(request.fold().rows(model.signature()));
            assertThat(answers[0]).isLessThan(0.01);
            assertThat(answers[1]).isGreaterThan(0.99);
        }
    }

    @Test
    void aClassOfOneRowAndConstantColumnsAreNoObstacle() {
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
        List<String> labels = IntStream.range(0, 20)
                .mapToObj(i -> i == 7 ? "rare" : i % 2 == 0 ? "even" : "odd")
                .toList();
        double[] parities = IntStream.range(0, 20).mapToDouble(i -> i % 2).toArray();
        TrainingSet set = PlantedTable.set(
                keys,
                new RowBlock.TextTarget(labels),
                List.of(
                        new RowBlock.Numbers("parity", 1, parities),
                        new RowBlock.Numbers("constant", 1, new double[20])));
        FitRequest request = FitRequest.of(TrainingFold.all(set), 1);

        for (KernelKind kernel : KernelKind.values()) {
            try (FittedModel model = new Svm(kernel, 1, 0, 3, 1, 0.1).fitter(1).fit(request)) {
                double[] answers = model.predict(request.fold().rows(model.signature()));
                assertThat(answers[0]).as("even of row 0 by %s", kernel).isGreaterThan(0.5);
                assertThat(answers[3 + 1]).as("odd of row 1 by %s", kernel).isGreaterThan(0.4);
                assertThat(answers).doesNotContain(Double.NaN);
                assertThat(model.onnx()).isNotEmpty();
            }
        }
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThatThrownBy(() -> new Svm(KernelKind.RBF, 0, 0, 3, 1, 0.1)).hasMessageContaining("cost: 0");
        assertThatThrownBy(() -> new Svm(KernelKind.RBF, 1, -1, 3, 1, 0.1)).hasMessageContaining("gamma: -1");
    }

    private static byte[] onnx(TrainingSet set, long seed, int threadCount) {
        try (FittedModel model = Svm.DEFAULT.fitter(threadCount).fit(FitRequest.of(TrainingFold.all(set), seed))) {
            return model.onnx();
        }
    }
}
