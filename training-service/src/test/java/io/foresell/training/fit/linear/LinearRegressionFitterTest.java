package io.foresell.training.fit.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TelcoChurn;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.CoefficientTable;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Parity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class LinearRegressionFitterTest {
    private static final LinearRegression OLS = LinearRegression.DEFAULT;

    /** Correlated numbers, a text and a label that depends on them. */
    private static TrainingSet planted(int rowCount, int columnCount, long seed) {
        Random random = new Random(seed);
        double[] labels = new double[rowCount];
        List<RowBlock.Column> columns = new ArrayList<>();
        double[] common = random.doubles(rowCount).toArray();
        for (int column = 0; column < columnCount; column++) {
            double[] values = new double[rowCount];
            for (int row = 0; row < rowCount; row++) {
                values[row] = 50 + 3 * common[row] + random.nextGaussian();
                labels[row] += column < 3 ? (column - 1.5) * values[row] : 0;
            }
            columns.add(Tables.numbers("x" + column, values));
        }
        String[] texts = new String[rowCount];
        for (int row = 0; row < rowCount; row++) {
            texts[row] = List.of("", "a", "b", "c").get(random.nextInt(4));
            labels[row] += (texts[row].equals("b") ? 4 : 0) + random.nextGaussian();
        }
        columns.add(Tables.texts("t", texts));
        return Tables.of(labels, columns.toArray(new RowBlock.Column[0]));
    }

    private static FittedLinear fit(TrainingSet set, LinearRegression parameters) {
        return (FittedLinear) parameters.fitter(1).fit(FitRequest.of(TrainingFold.all(set), 1));
    }

    private static Coefficient row(FittedModel model, String name) {
        return model.coefficients().orElseThrow().coefficients().stream()
                .filter(coefficient -> coefficient.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what the errors of the training rows add up to along each column, divided by the rows, intercept last. */
    private static double[] slopes(TrainingSet set, FittedLinear model) {
        TrainingFold fold = TrainingFold.all(set);
        DesignMatrix rows = new DesignMatrix(model.preprocessing(), fold.rows(model.signature()));
        double[] slopes = new double[rows.width];
        for (int row = 0; row < rows.rowCount; row++) {
            double error = fold.labels()[row] - rows.dot(row, model.beta()[0]);
            rows.addTo(row, error / rows.rowCount, slopes);
        }
        return slopes;
    }

    @Test
    void leastSquaresLeaveNoErrorAlongAnyColumn() {
        TrainingSet set = planted(700, 12, 1);
        FittedLinear model = fit(set, OLS);

        assertThat(Arrays.stream(slopes(set, model)).map(Math::abs).max().orElseThrow())
                .isLessThan(1e-9);
        assertThat(model.notes()).isEmpty();
        assertThat(row(model, "x0").estimate() / row(model, "x0").unit()).isCloseTo(-1.5, within(0.1));
        assertThat(row(model, "x0").pValue()).isLessThan(1e-6);
        assertThat(row(model, "x9").pValue()).isGreaterThan(1e-3);
    }

    @Test
    void standardErrorsOfOneColumnAreThoseOfTheTextbook() {
        double[] x = {1, 2, 3, 4, 5, 7};
        double[] y = {2.1, 3.9, 6.2, 7.8, 10.1, 13.7};
        FittedLinear model = fit(Tables.of(y, Tables.numbers("x", x)), OLS);

        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double sxx = 0;
        double sxy = 0;
        for (int i = 0; i < x.length; i++) {
            sxx += (x[i] - meanX) * (x[i] - meanX);
            sxy += (x[i] - meanX) * (y[i] - meanY);
        }
        double slope = sxy / sxx;
        double squares = 0;
        for (int i = 0; i < x.length; i++) {
            double error = y[i] - meanY - slope * (x[i] - meanX);
            squares += error * error;
        }
        double error = Math.sqrt(squares / 4 / sxx);
        Coefficient found = row(model, "x");
        assertThat(found.estimate() / found.unit()).isCloseTo(slope, within(1e-5));
        assertThat(found.standardError() / found.unit()).isCloseTo(error, within(1e-6));
        assertThat(found.statistic()).isCloseTo(slope / error, within(1e-3));
        assertThat(row(model, Coefficient.INTERCEPT).estimate()).isCloseTo(meanY, within(1e-5));
        assertThat(row(model, Coefficient.INTERCEPT).standardError())
                .isCloseTo(Math.sqrt(squares / 4 / 6), within(1e-6));
        assertThat(model.table().figures()).containsEntry("degrees_of_freedom", 4.0);
    }

    @Test
    void leavesOutWhatOtherColumnsDetermine() throws Exception {
        Random random = new Random(2);
        double[] x = random.doubles(60, 0, 100).toArray();
        double[] twice = Arrays.stream(x).map(v -> 2 * v + 5).toArray();
        double[] constant = new double[60];
        Arrays.fill(constant, 7);
        String[] texts = new String[60];
        Arrays.setAll(texts, i -> i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c");
        double[] y = new double[60];
        Arrays.setAll(y, i -> 3 * x[i] + (i % 3) + random.nextGaussian());
        TrainingSet set = Tables.of(
                y,
                Tables.numbers("x", x),
                Tables.numbers("twice", twice),
                Tables.numbers("constant", constant),
                Tables.texts("t", texts));
        FittedLinear model = fit(set, OLS);

        assertThat(model.notes()).singleElement().asString().contains("3 of 6 columns", "twice, constant, t=c");
        assertThat(row(model, "twice").isLeftOut()).isTrue();
        assertThat(row(model, "twice").estimate()).isZero();
        assertThat(row(model, "twice").standardError()).isNaN();
        assertThat(row(model, "t=a").standardError()).isPositive();
        assertThat(row(model, "x").estimate() / row(model, "x").unit()).isCloseTo(3, within(0.05));
        assertThat(Arrays.stream(slopes(set, model)).map(Math::abs).max().orElseThrow())
                .isLessThan(1e-5);
        Parity.check(model, TrainingFold.all(set), TrainingFold.all(set).rows(model.signature()));
    }

    @Test
    void moreColumnsThanRowsFitExactlyAndSaySo() throws Exception {
        TrainingSet set = planted(8, 20, 3);
        FittedLinear model = fit(set, OLS);

        double[] answers = model.predict(TrainingFold.all(set).rows(model.signature()));
        for (int row = 0; row < answers.length; row++) {
            assertThat(answers[row]).isCloseTo(set.label(row), within(1e-2));
        }
        assertThat(model.table().standardErrors()).contains("without an error left");
        assertThat(row(model, "x0").pValue()).isNaN();
        assertThat(model.notes()).isNotEmpty();
        Parity.check(model, TrainingFold.all(set), TrainingFold.all(set).rows(model.signature()));
    }

    @Test
    void elasticNetsMeetTheirOptimalityConditions() {
        TrainingSet set = planted(400, 15, 4);
        double deviation = deviation(TrainingFold.all(set).labels());
        for (double l1Ratio : new double[] {0.3, 1}) {
            double penalty = 0.05;
            FittedLinear model = fit(set, new LinearRegression(penalty, l1Ratio));
            double[] slopes = slopes(set, model);
            double[] beta = model.beta()[0];
            int zeros = 0;
            for (int j = 0; j < beta.length - 1; j++) {
                double pull = slopes[j] - penalty * (1 - l1Ratio) * beta[j];
                double l1 = penalty * l1Ratio * deviation;
                if (beta[j] == 0) {
                    zeros++;
                    assertThat(Math.abs(pull)).isLessThanOrEqualTo(l1 + 1e-6);
                } else {
                    assertThat(pull).isCloseTo(Math.signum(beta[j]) * l1, within(1e-6));
                }
            }
            assertThat(slopes[beta.length - 1]).isCloseTo(0, within(1e-9));
            assertThat(zeros).isPositive();
            assertThat(model.table().figures().get("nonzero_count")).isEqualTo(beta.length - 1.0 - zeros);
        }
    }

    private static double deviation(float[] labels) {
        double sum = 0;
        double squares = 0;
        for (float label : labels) {
            sum += label;
            squares += (double) label * label;
        }
        return Math.sqrt(squares / labels.length - Math.pow(sum / labels.length, 2));
    }

    @Test
    void bothSolversFindTheSameRidge() {
        Encodings encodings =
                FitRequest.of(TrainingFold.all(planted(300, 10, 5)), 0).encodings();
        DesignMatrix rows = new DesignMatrix(encodings.standardizedFlat(), encodings.rows());
        double[] labels = new double[rows.rowCount];
        Arrays.setAll(labels, row -> encodings.labels()[row]);

        double[] direct = new LeastSquares(rows, labels, 0.2 * rows.rowCount, () -> false)
                .solve()
                .beta();
        CoordinateDescent descent =
                new CoordinateDescent(rows.byColumns(), labels, 0, 0.2, FitListener.NONE, () -> false);
        double[] stepwise = descent.minimize();

        assertThat(descent.hasConverged()).isTrue();
        for (int i = 0; i < direct.length; i++) {
            assertThat(stepwise[i]).isCloseTo(direct[i], within(1e-5));
        }
    }

    @Test
    void blocksOfRowsGiveTheFactorOfAll() {
        Random random = new Random(6);
        double[][] all = new double[1000][4];
        TriangularFactor factor = new TriangularFactor(4, () -> {});
        for (double[] row : all) {
            double[] target = factor.nextRow();
            for (int i = 0; i < 4; i++) {
                row[i] = random.nextGaussian() + (i == 3 ? row[0] : 0);
                target[i] = row[i];
            }
        }
        double[][] r = factor.factor();
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                double expected = 0;
                for (double[] row : all) {
                    expected += row[i] * row[j];
                }
                double actual = 0;
                for (double[] row : r) {
                    actual += row[i] * row[j];
                }
                assertThat(actual).isCloseTo(expected, within(1e-9));
            }
            assertThat(Arrays.copyOf(r[i], i)).isEqualTo(new double[i]);
        }
    }

    @Test
    void tellsItsTableAsJson() {
        FittedLinear model = fit(planted(50, 3, 7), OLS);
        String json = new String(model.source().get(CoefficientTable.FILE), StandardCharsets.UTF_8);
        assertThat(json).contains("\"method\": \"ordinary least squares\"", "\"r_squared\"", "\"p_value\"", "t=b");
        FittedLinear lasso = fit(planted(50, 3, 7), new LinearRegression(0.5, 1));
        assertThat(new String(lasso.source().get(CoefficientTable.FILE), StandardCharsets.UTF_8))
                .contains("lasso with penalty 0.5")
                .doesNotContain("p_value", "NaN");
    }

    @Test
    void refusesWhatItCannotFit() {
        TrainingFold fold = TrainingFold.all(planted(20, 3, 8));
        assertThatThrownBy(() -> OLS.fitter(1).fit(FitRequest.of(fold, 1).weighted(ClassWeights.BALANCED)))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("task regression");
        assertThatThrownBy(() -> OLS.fitter(1).fit(FitRequest.of(fold, 1).until(() -> true)))
                .isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> new LinearRegression(0.1, 1)
                        .fitter(1)
                        .fit(FitRequest.of(fold, 1).until(() -> true)))
                .isInstanceOf(CancellationException.class);
        TrainingSet wide = planted(4, 1100, 9);
        assertThatThrownBy(() -> fit(wide, OLS)).hasMessageContaining("at most 1000, or a penalty above 0");
        assertThat(fit(wide, new LinearRegression(1, 0)).table().method()).startsWith("ridge");
        assertThatThrownBy(() -> new LinearRegression(-1, 0)).hasMessageContaining("penalty");
    }

    @Test
    void refusesCoefficientsThatFloatsCannotAddUp() {
        Random random = new Random(10);
        double[] x = random.doubles(200, -1, 1).toArray();
        double[] nearly =
                Arrays.stream(x).map(v -> v + 1e-4 * random.nextGaussian()).toArray();
        double[] y = new double[200];
        Arrays.setAll(y, i -> 1e4 * (x[i] - nearly[i]));
        TrainingSet set = Tables.of(y, Tables.numbers("x", x), Tables.numbers("nearly", nearly));
        assertThatThrownBy(() -> fit(set, OLS))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("COLUMNS_NEARLY_COLLINEAR")
                .hasMessageContaining("set a penalty");
        assertThat(fit(set, new LinearRegression(1e-3, 0)).beta()[0]).hasSize(3);
    }

    @Test
    void agreesWithNumpyAndScikitLearnOnRealRows() throws Exception {
        TrainingFold fold = Splitter.split(
                        TelcoChurn.about("TotalCharges"), new SplitPlan.KFold(5, SplitPlan.FoldBy.ROW_INDEX), 0)
                .get(0)
                .training();
        FittedLinear model = (FittedLinear) OLS.fitter(1).fit(FitRequest.of(fold, 1));
        assertThat(model.notes()).singleElement().asString().contains("23 of 46 columns");
        assertThat(model.table().figures())
                .containsEntry("degrees_of_freedom", 5610.0)
                .hasEntrySatisfying("residual_deviation", s -> assertThat(s).isCloseTo(687.40704, within(0.001)))
                .hasEntrySatisfying("r_squared", s -> assertThat(s).isCloseTo(0.90712225, within(1e-6)));
        assertRow(model, "tenure", 1480.41698, 15.538761, 95.27252);
        assertRow(model, "MonthlyCharges", 1108.75434, 270.42127, 4.1001);
        assertRow(model, "Contract=One year", 215.239607, 29.405420, 7.319726);
        assertRow(model, "PaymentMethod=Electronic check", -282.26846, 28.297634, -9.974985);
        assertThat(row(model, "MonthlyCharges").pValue()).isCloseTo(4.18808e-05, within(2e-7));
        FittedLinear lasso =
                (FittedLinear) new LinearRegression(0.02, 1).fitter(1).fit(FitRequest.of(fold, 1));
        FittedLinear net =
                (FittedLinear) new LinearRegression(0.1, 0.5).fitter(1).fit(FitRequest.of(fold, 1));
        FittedLinear ridge =
                (FittedLinear) new LinearRegression(0.1, 0).fitter(1).fit(FitRequest.of(fold, 1));
        assertEstimates(lasso, 1526.10295, 1031.09361, 0, 2254.32284);
        // Of equal columns scikit-learn keeps two.
        assertThat(lasso.table().figures().get("nonzero_count")).isBetween(8.0, 10.0);
        assertEstimates(net, 1441.20868, 949.65515, 0, 2251.45676);
        assertThat(net.table().figures()).containsEntry("nonzero_count", 2.0);
        assertEstimates(ridge, 1219.04037, 577.43218, 16.16221, 2115.64231);
    }

    private static void assertRow(FittedModel model, String name, double estimate, double error, double statistic) {
        assertThat(row(model, name).estimate()).isCloseTo(estimate, within(1e-4 * Math.abs(estimate)));
        assertThat(row(model, name).standardError()).isCloseTo(error, within(1e-4 * error));
        assertThat(row(model, name).statistic()).isCloseTo(statistic, within(1e-4 * Math.abs(statistic)));
    }

    private static void assertEstimates(
            FittedModel model, double tenure, double charges, double twoYears, double intercept) {
        assertThat(row(model, "tenure").estimate()).isCloseTo(tenure, within(0.05));
        assertThat(row(model, "MonthlyCharges").estimate()).isCloseTo(charges, within(0.05));
        assertThat(row(model, "Contract=Two year").estimate()).isCloseTo(twoYears, within(0.05));
        assertThat(row(model, Coefficient.INTERCEPT).estimate()).isCloseTo(intercept, within(0.05));
    }
}
