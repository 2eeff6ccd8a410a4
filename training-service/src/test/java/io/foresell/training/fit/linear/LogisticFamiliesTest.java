package io.foresell.training.fit.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Rows;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.Parity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Multinomial, L1 and elastic-net logistic regressions, and weights of classes. */
final class LogisticFamiliesTest {
    private static final SplitPlan FIVE = new SplitPlan.KFold(5, SplitPlan.FoldBy.ROW_INDEX);

    private static TrainingSet threeClasses(int rowCount, long seed) {
        Random random = new Random(seed);
        List<String> labels = new ArrayList<>();
        double[][] x = new double[6][rowCount];
        String[] texts = new String[rowCount];
        for (int row = 0; row < rowCount; row++) {
            for (double[] column : x) {
                column[row] = random.nextGaussian();
            }
            texts[row] = List.of("a", "b", "").get(random.nextInt(3));
            double noise = random.nextGaussian();
            labels.add(x[0][row] + noise > 0.5 ? "high" : x[1][row] - noise > 0 ? "middle" : "low");
        }
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int column = 0; column < x.length; column++) {
            columns.add(Tables.numbers("x" + column, x[column]));
        }
        columns.add(Tables.texts("t", texts));
        return Tables.of(labels, columns.toArray(new RowBlock.Column[0]));
    }

    private static FittedLinear fit(TrainingFold fold, LogisticRegression parameters, ClassWeights weights) {
        return (FittedLinear) parameters.fitter(1).fit(FitRequest.of(fold, 1).weighted(weights));
    }

    private static FittedLinear fit(TrainingFold fold, LogisticRegression parameters) {
        return fit(fold, parameters, ClassWeights.EQUAL);
    }

    /** The conditions under which no coefficient can be moved to a lower objective. */
    @Test
    void multinomialModelsMeetTheirOptimalityConditions() {
        TrainingFold fold = TrainingFold.all(threeClasses(500, 1));
        for (double l1Ratio : new double[] {0, 0.4, 1}) {
            double c = 0.1;
            FittedLinear model = fit(fold, new LogisticRegression(c, l1Ratio));
            DesignMatrix rows = new DesignMatrix(model.preprocessing(), fold.rows(model.signature()));
            double[] probabilities = model.predict(fold.rows(model.signature()));
            int zeros = 0;
            for (int k = 0; k < 3; k++) {
                double[] beta = model.beta()[k];
                double[] gradient = new double[beta.length];
                for (int row = 0; row < rows.rowCount; row++) {
                    double wanted = fold.labels()[row] == k ? 1 : 0;
                    rows.addTo(row, c * (probabilities[row * 3 + k] - wanted), gradient);
                }
                for (int j = 0; j < beta.length - 1; j++) {
                    double pull = -gradient[j] - (1 - l1Ratio) * beta[j];
                    if (beta[j] == 0) {
                        zeros++;
                        assertThat(Math.abs(pull)).isLessThanOrEqualTo(l1Ratio + 1e-3);
                    } else {
                        assertThat(pull).isCloseTo(l1Ratio * Math.signum(beta[j]), within(1e-3));
                    }
                }
                assertThat(gradient[beta.length - 1]).isCloseTo(0, within(1e-3));
            }
            assertThat(zeros > 0).isEqualTo(l1Ratio > 0);
        }
    }

    @Test
    void twoClassesByQuasiNewtonAreThoseByNewton() {
        TrainingFold fold = TrainingFold.all(Tables.of(
                new Random(2).ints(200, 0, 2).asDoubleStream().toArray(),
                Tables.numbers("x", new Random(3).doubles(200).toArray()),
                Tables.numbers("y", new Random(4).doubles(200).toArray())));
        double[] newton = fit(fold, new LogisticRegression(0.5)).beta()[0];
        double[] other = fit(fold, new LogisticRegression(0.5, 1e-12)).beta()[0];
        for (int i = 0; i < newton.length; i++) {
            assertThat(other[i]).isCloseTo(newton[i], within(1e-5));
        }
    }

    @Test
    void aClassOfWeightTwoCountsLikeTwiceItsRows() {
        List<String> texts = List.of("a", "a", "a", "b", "b", "c", "c", "b", "a", "c");
        double[] labels = {1, 1, 0, 1, 0, 0, 0, 0, 1, 0};
        List<String> repeated = new ArrayList<>(texts);
        List<Double> repeatedLabels = new ArrayList<>();
        Arrays.stream(labels).forEach(repeatedLabels::add);
        for (int row = 0; row < labels.length; row++) {
            if (labels[row] == 1) {
                repeated.add(texts.get(row));
                repeatedLabels.add(1.0);
            }
        }
        TrainingFold once = TrainingFold.all(Tables.of(labels, Tables.texts("t", texts.toArray(new String[0]))));
        TrainingFold twice = TrainingFold.all(Tables.of(
                repeatedLabels.stream().mapToDouble(label -> label).toArray(),
                Tables.texts("t", repeated.toArray(new String[0]))));
        ClassWeights weights = new ClassWeights(false, Map.of("positive", 2.0));

        // Weights are 1 on average: 10 rows count as 14.
        double[] weighted = fit(once, new LogisticRegression(1.4), weights).beta()[0];
        double[] counted = fit(twice, new LogisticRegression(1)).beta()[0];
        double[] sparse = fit(once, new LogisticRegression(1.4, 1e-9), weights).beta()[0];
        for (int i = 0; i < weighted.length; i++) {
            assertThat(weighted[i]).isCloseTo(counted[i], within(1e-6));
            assertThat(sparse[i]).isCloseTo(counted[i], within(1e-4));
        }
    }

    @Test
    void separableClassesStayFiniteAndAreNamed() throws Exception {
        double[] x = new double[80];
        Arrays.setAll(x, i -> i);
        double[] labels = new double[80];
        List<String> classes = new ArrayList<>();
        for (int row = 0; row < 80; row++) {
            labels[row] = row < 40 ? 0 : 1;
            classes.add(row < 20 ? "a" : row < 50 ? "b" : "c");
        }
        TrainingFold two = TrainingFold.all(Tables.of(labels, Tables.numbers("x", x)));
        TrainingFold three = TrainingFold.all(Tables.of(classes, Tables.numbers("x", x)));
        for (double c : new double[] {1e5, 1e9}) {
            FittedLinear model = fit(two, new LogisticRegression(c));
            assertThat(model.notes()).singleElement().asString().contains("tell the classes");
            assertThat(model.predict(two.rows(model.signature()))[0]).isLessThan(0.01);
            Parity.check(model, two, two.rows(model.signature()));
        }
        FittedLinear several = fit(three, new LogisticRegression(1e6));
        assertThat(several.predict(three.rows(several.signature()))[0]).isGreaterThan(0.95);
        Parity.check(several, three, three.rows(several.signature()));
    }

    @Test
    void manySparseColumnsAndClasses() throws Exception {
        Random random = new Random(5);
        List<String> labels = new ArrayList<>();
        String[][] texts = new String[6][1500];
        for (int row = 0; row < 1500; row++) {
            int label = random.nextInt(40);
            labels.add("class " + label);
            for (String[] column : texts) {
                column[row] = "t" + (random.nextInt(3) == 0 ? random.nextInt(400) : label * 10 + random.nextInt(10));
            }
        }
        List<RowBlock.Column> columns = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            columns.add(Tables.texts("t" + i, texts[i]));
        }
        Fold fold = Splitter.split(Tables.of(labels, columns.toArray(new RowBlock.Column[0])), FIVE, 0)
                .get(0);
        FittedLinear model = fit(fold.training(), new LogisticRegression(10));

        assertThat(model.preprocessing().encodedWidth()).isGreaterThan(2000);
        assertThat(model.table().omittedCount()).isPositive();
        Rows heldOut = fold.heldOut().rows(model.signature());
        double[] answers = model.predict(heldOut);
        int right = 0;
        for (int row = 0; row < heldOut.rowCount(); row++) {
            int best = 0;
            for (int k = 0; k < 40; k++) {
                best = answers[row * 40 + k] > answers[row * 40 + best] ? k : best;
            }
            right += best == fold.heldOut().labels()[row] ? 1 : 0;
        }
        assertThat(right).isGreaterThan(heldOut.rowCount() * 9 / 10);
        Parity.check(model, fold.training(), heldOut);
    }

    @Test
    void standardErrorsApproachThoseOfRepeatedSamples() {
        Random random = new Random(6);
        List<Double> found = new ArrayList<>();
        double stated = 0;
        for (int sample = 0; sample < 200; sample++) {
            double[] x = new double[300];
            double[] labels = new double[300];
            for (int row = 0; row < 300; row++) {
                x[row] = row % 10;
                labels[row] = random.nextDouble() < Sigmoid.of(0.3 * (row % 10) - 1) ? 1 : 0;
            }
            FittedLinear model =
                    fit(TrainingFold.all(Tables.of(labels, Tables.numbers("x", x))), new LogisticRegression(1e6));
            Coefficient coefficient = model.table().coefficients().get(1);
            found.add(coefficient.estimate());
            stated += coefficient.standardError() / 200;
            assertThat(model.table().standardErrors()).startsWith("Wald");
        }
        double mean = found.stream().mapToDouble(v -> v).average().orElseThrow();
        double variance =
                found.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / 199;
        assertThat(stated).isCloseTo(Math.sqrt(variance), within(0.15 * stated));
    }

    @Test
    void saysWhichErrorsItGives() {
        TrainingFold fold = TrainingFold.all(threeClasses(60, 7));
        assertThat(fit(fold, LogisticRegression.DEFAULT).table().standardErrors())
                .startsWith("none for several");
        TrainingFold two = TrainingFold.all(Tables.of(new double[] {1, 0, 1, 0}, Tables.numbers("x", 1, 2, 3, 4)));
        assertThat(fit(two, LogisticRegression.DEFAULT).table().standardErrors())
                .startsWith("approximate");
        assertThat(fit(two, new LogisticRegression(1, 1)).table().standardErrors())
                .startsWith("none");
        assertThat(fit(two, new LogisticRegression(1, 1)).table().method())
                .isEqualTo("binary logistic regression, L1 penalty with C = 1.0");
    }

    @Test
    void stopsWhenCancelled() {
        TrainingFold fold = TrainingFold.all(threeClasses(60, 8));
        assertThatThrownBy(() -> LogisticRegression.DEFAULT
                        .fitter(1)
                        .fit(FitRequest.of(fold, 1).until(() -> true)))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void agreesWithScikitLearnOnRealRows() throws Exception {
        Fold churn = Splitter.split(TelcoChurn.read(), FIVE, 0).get(0);
        // scikit-learn 1.9.1: solver lbfgs for L2, saga for the rest, tolerance 1e-9 and less.
        FittedLinear balanced = fit(churn.training(), LogisticRegression.DEFAULT, ClassWeights.BALANCED);
        assertEstimates(balanced, -1.30565, -0.3343, -0.64101, 0.54291, -1.24863724);
        assertThat(logLoss(balanced, churn)).isCloseTo(0.4990875, within(1e-5));
        FittedLinear l1 = fit(churn.training(), new LogisticRegression(0.05, 1));
        assertEstimates(l1, -0.83092, 0.1962, -0.15339, 0.5548, -2.49326986);
        assertThat(logLoss(l1, churn)).isCloseTo(0.43030115, within(1e-5));
        assertThat(Arrays.stream(l1.beta()[0]).filter(weight -> weight != 0).count())
                .isEqualTo(17 + 1);
        FittedLinear net = fit(churn.training(), new LogisticRegression(0.05, 0.5));
        assertEstimates(net, -0.83317, 0.17592, -0.31154, 0.52259, -2.6620337);
        assertThat(logLoss(net, churn)).isCloseTo(0.42909246, within(1e-5));
        for (FittedLinear model : List.of(balanced, l1, net)) {
            Parity.check(model, churn.training(), churn.heldOut().rows(model.signature()));
        }
    }

    private static void assertEstimates(
            FittedLinear model, double tenure, double charges, double twoYears, double fiber, double intercept) {
        Map<String, Double> expected = Map.of(
                "tenure",
                tenure,
                "MonthlyCharges",
                charges,
                "Contract=Two year",
                twoYears,
                "InternetService=Fiber optic",
                fiber,
                Coefficient.INTERCEPT,
                intercept);
        expected.forEach(
                (name, value) -> assertThat(estimate(model, "", name)).as(name).isCloseTo(value, within(2e-3)));
    }

    private static double estimate(FittedLinear model, String label, String name) {
        return model.table().coefficients().stream()
                .filter(row -> row.label().equals(label) && row.name().equals(name))
                .findFirst()
                .orElseThrow()
                .estimate();
    }

    private static double logLoss(FittedLinear model, Fold fold) {
        double[] answers = model.predict(fold.heldOut().rows(model.signature()));
        int width = model.answer().width();
        double[] labels = fold.heldOut().labels();
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            double p = width == 1 ? answers[row] : answers[row * width + (int) labels[row]];
            sum -= Math.log(width == 1 && labels[row] == 0 ? 1 - p : p);
        }
        return sum / labels.length;
    }

    @Test
    void severalClassesAgreeWithScikitLearnOnRealRows() throws Exception {
        Fold contracts = Splitter.split(TelcoChurn.about("Contract"), FIVE, 0).get(0);
        FittedLinear model = fit(contracts.training(), LogisticRegression.DEFAULT);
        assertThat(logLoss(model, contracts)).isCloseTo(0.5596221, within(2e-5));
        assertThat(estimate(model, "Month-to-month", "tenure")).isCloseTo(-1.5567, within(3e-3));
        assertThat(estimate(model, "Two year", "tenure")).isCloseTo(1.22249, within(3e-3));
        assertThat(estimate(model, "Two year", "MonthlyCharges")).isCloseTo(-0.50921, within(3e-3));
        assertThat(estimate(model, "Month-to-month", "Churn=Yes")).isCloseTo(0.41962, within(3e-3));
        FittedLinear l1 = fit(contracts.training(), new LogisticRegression(0.05, 1));
        assertThat(logLoss(l1, contracts)).isCloseTo(0.56924, within(1e-4));
        Parity.check(model, contracts.training(), contracts.heldOut().rows(model.signature()));
        Parity.check(l1, contracts.training(), contracts.heldOut().rows(l1.signature()));
    }
}
