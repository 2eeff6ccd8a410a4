package io.foresell.training.fit.neighbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Parity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class NearestNeighborsFitterTest {
    private static final SplitPlan FIVE = new SplitPlan.KFold(5, SplitPlan.FoldBy.ROW_INDEX);

    private static FittedModel fit(TrainingFold fold, NearestNeighbors parameters) {
        return parameters.fitter(1).fit(FitRequest.of(fold, 1));
    }

    private static Rows numbers(float... numbers) {
        return new Rows(numbers.length, numbers, new String[0]);
    }

    @Test
    void answersAsTheNearestRowsDo() throws Exception {
        TrainingFold fold =
                TrainingFold.all(Tables.of(new double[] {1, 0, 0, 1, 0}, Tables.numbers("x", 0, 1, 2.5, 10, 11)));
        try (FittedModel model = fit(fold, new NearestNeighbors(3, false, 100))) {
            Rows rows = numbers(0.4f, 9, 30, Float.NaN);
            assertThat(model.predict(rows)[0]).isCloseTo(1 / 3.0, within(1e-6));
            assertThat(model.predict(rows)[1]).isCloseTo(1 / 3.0, within(1e-6));
            Parity.check(model, fold, rows);
        }
    }

    @Test
    void nearerRowsCountMoreWhenWeighedByDistance() throws Exception {
        TrainingFold fold = TrainingFold.all(Tables.of(new double[] {10, 20, 70}, Tables.numbers("x", 0, 3, 100)));
        try (FittedModel model = fit(fold, new NearestNeighbors(2, true, 100))) {
            // One part of 20 for two of 10, and at a row itself nearly nothing else.
            Rows rows = numbers(1, 0, 3, 100);
            double[] answers = model.predict(rows);
            assertThat(answers[0]).isCloseTo((10 * 2 + 20) / 3.0, within(1e-4));
            assertThat(answers[1]).isCloseTo(10, within(1e-3));
            assertThat(answers[3]).isCloseTo(70, within(1e-3));
            Parity.check(model, fold, rows);
        }
    }

    @Test
    void rowsAsFarAsTheLastNeighbourAllCount() throws Exception {
        // Four rows around the middle, all at the same distance: the order of rows must not matter.
        TrainingFold fold = TrainingFold.all(Tables.of(
                new double[] {1, 0, 0, 0, 1, 1},
                Tables.numbers("x", -1, 1, 0, 0, 50, -50),
                Tables.numbers("y", 0, 0, -1, 1, 0, 0)));
        for (boolean isByDistance : new boolean[] {false, true}) {
            try (FittedModel model = fit(fold, new NearestNeighbors(2, isByDistance, 100))) {
                Rows rows = new Rows(1, new float[] {0, 0}, new String[0]);
                // The columns have different deviations: only pairs tie.
                assertThat(model.predict(rows)[0]).isEqualTo(0.5, within(1e-6));
                Parity.check(model, fold, rows);
            }
        }
        String[] same = new String[40];
        double[] labels = new double[40];
        Arrays.setAll(same, i -> i % 2 == 0 ? "a" : "b");
        Arrays.setAll(labels, i -> i % 2 == 0 && i < 10 ? 1 : 0);
        TrainingFold copies = TrainingFold.all(Tables.of(labels, Tables.texts("t", same)));
        for (boolean isByDistance : new boolean[] {false, true}) {
            try (FittedModel model = fit(copies, new NearestNeighbors(3, isByDistance, 100))) {
                Rows rows = new Rows(3, new float[0], new String[] {"a", "b", ""});
                assertThat(model.predict(rows)[0]).isCloseTo(0.25, within(1e-5));
                assertThat(model.predict(rows)[1]).isCloseTo(0, within(1e-5));
                assertThat(model.predict(rows)[2]).isCloseTo(0.125, within(1e-5));
                Parity.check(model, copies, rows);
            }
        }
    }

    private static TrainingSet drawn(int rowCount, int classCount, long seed) {
        Random random = new Random(seed);
        double[][] x = new double[3][rowCount];
        String[] texts = new String[rowCount];
        List<String> labels = new ArrayList<>();
        for (int row = 0; row < rowCount; row++) {
            int label = random.nextInt(classCount);
            labels.add("class " + label);
            for (double[] column : x) {
                column[row] = Math.round(4 * (label + random.nextGaussian())) / 4.0;
            }
            texts[row] = "t" + (random.nextInt(3) == 0 ? random.nextInt(5) : label);
        }
        return Tables.of(
                labels,
                Tables.numbers("x", x[0]),
                Tables.numbers("y", x[1]),
                Tables.numbers("z", x[2]),
                Tables.texts("t", texts));
    }

    @Test
    void parityWithManyTiesAndClasses() throws Exception {
        Fold fold = Splitter.split(drawn(900, 5, 3), FIVE, 0).get(0);
        for (NearestNeighbors parameters : List.of(
                new NearestNeighbors(1, false, 1000),
                new NearestNeighbors(7, true, 1000),
                new NearestNeighbors(40, false, 1000))) {
            try (FittedModel model = fit(fold.training(), parameters)) {
                Parity.check(model, fold.training(), fold.heldOut().rows(model.signature()));
                Parity.check(model, fold.training(), fold.training().rows(model.signature()));
            }
        }
    }

    @Test
    void keepsNoMoreRowsThanAllowedAndSaysSo() throws Exception {
        TrainingFold fold = TrainingFold.all(drawn(1000, 3, 4));
        try (FittedModel model = fit(fold, new NearestNeighbors(5, false, 120))) {
            assertThat(model.notes()).singleElement().asString().contains("Of 1000 training rows 1");
            Parity.check(model, fold, fold.rows(model.signature()));
            try (FittedModel again = fit(fold, new NearestNeighbors(5, false, 120))) {
                assertThat(again.onnx()).isEqualTo(model.onnx());
            }
        }
        try (FittedModel model = fit(TrainingFold.all(drawn(9, 2, 5)), new NearestNeighbors(15, false, 100))) {
            assertThat(model.notes()).singleElement().asString().contains("only 9 rows");
        }
    }

    @Test
    void classesMayWeighMore() {
        TrainingFold fold = TrainingFold.all(Tables.of(new double[] {1, 0, 0, 0}, Tables.numbers("x", 1, 1, 1, 1)));
        try (FittedModel model =
                NearestNeighbors.DEFAULT.fitter(1).fit(FitRequest.of(fold, 1).weighted(ClassWeights.BALANCED))) {
            assertThat(model.predict(numbers(1))[0]).isCloseTo(0.5, within(1e-6));
        }
    }

    @Test
    void refusesRowsTooWideToKeepEnoughOf() {
        String[] texts = new String[25_000];
        Arrays.setAll(texts, i -> "t" + i);
        double[] labels = new double[25_000];
        Arrays.setAll(labels, i -> i % 2);
        TrainingFold fold = TrainingFold.all(Tables.of(labels, Tables.texts("t", texts)));
        assertThatThrownBy(() -> fit(fold, NearestNeighbors.DEFAULT))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("25000 (expected: at most 19000, to keep 100 rows)");
        assertThatThrownBy(() -> new NearestNeighbors(0, false, 10)).hasMessageContaining("k: 0");
        assertThatThrownBy(() -> new NearestNeighbors(1, false, 30_000)).hasMessageContaining("1..20000");
        TrainingFold small = TrainingFold.all(drawn(30, 2, 6));
        assertThatThrownBy(() -> NearestNeighbors.DEFAULT
                        .fitter(1)
                        .fit(FitRequest.of(small, 1).until(() -> true)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void agreesWithScikitLearnOnRealRows() throws Exception {
        Fold churn = Splitter.split(TelcoChurn.read(), FIVE, 0).get(0);
        // KNeighborsClassifier(15): equals at the edge are cut by order there, so the scores differ a little.
        for (boolean isByDistance : new boolean[] {false, true}) {
            try (FittedModel model = fit(churn.training(), new NearestNeighbors(15, isByDistance, 20_000))) {
                Rows rows = churn.heldOut().rows(model.signature());
                double[] answers = model.predict(rows);
                double brier = 0;
                for (int row = 0; row < answers.length; row++) {
                    brier += Math.pow(answers[row] - churn.heldOut().labels()[row], 2) / answers.length;
                }
                assertThat(brier).isCloseTo(isByDistance ? 0.16481 : 0.15314, within(0.001));
                Parity.check(model, churn.training(), rows);
            }
        }
    }
}
