package io.foresell.training.fit.svm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.graph.Kernel;
import io.foresell.model.graph.PlattCalibration;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.RowBlock;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Figures of scikit-learn 1.9 (libsvm, tolerance 1e-6) on the same 60 rows. */
final class SolverTest {
    private static final int COUNT = 60;
    private static final double[] A =
            IntStream.range(0, COUNT).mapToDouble(i -> Math.sin(i * 1.3) * 2).toArray();
    private static final double[] B =
            IntStream.range(0, COUNT).mapToDouble(i -> Math.cos(i * 0.7) * 1.5).toArray();
    private static final double[] COSTS =
            IntStream.range(0, COUNT).mapToDouble(i -> 1).toArray();
    private static final double[] CLASSES = IntStream.range(0, COUNT)
            .mapToDouble(i -> A[i] * A[i] + B[i] > 1 ? 1 : -1)
            .toArray();
    private static final double[] RBF = {1.27017392, 1.35391162, 0.2090107, 0.284519};
    private static final double[] POLY = {1.89165812, 2.92688803, -0.00295595, 0.68344579};
    private static final double[] SVR = {0.05038545, 0.56966128, 0.6513501, -0.48908279};

    private final SvmRows rows = rows();

    @Test
    void decidesAsLibsvmDoes() {
        assertThat(decisions(Kernel.rbf(0.5), CLASSES, false)).containsExactly(RBF, within(2e-3));
        assertThat(decisions(Kernel.polynomial(0.5, 1, 3), CLASSES, false)).containsExactly(POLY, within(2e-3));
    }

    @Test
    void valuesAsLibsvmDoes() {
        assertThat(decisions(Kernel.rbf(0.5), values(), true)).containsExactly(SVR, within(2e-3));
    }

    @Test
    void aRowWithoutCostIsAnsweredButNotLearntFrom() {
        double[] costs = COSTS.clone();
        costs[3] = 0;
        double[] other = CLASSES.clone();
        other[3] = -other[3];

        Solution first = solve(Kernel.rbf(0.5), new Problem(false, CLASSES, costs, 0));
        Solution second = solve(Kernel.rbf(0.5), new Problem(false, other, costs, 0));

        assertThat(first.coefficients()[3]).isZero();
        assertThat(second.coefficients()).containsExactly(first.coefficients());
        assertThat(second.decisions()).containsExactly(first.decisions(), within(1e-9));
    }

    @Test
    void theLinearMachineIsWhereNoStepHelps() {
        Problem problem = new Problem(false, CLASSES, COSTS, 0);
        Solution solution = new LinearSolver(rows, problem, () -> false).solve();
        double[] weights = {solution.coefficients()[0], solution.coefficients()[1], solution.bias()};
        double least = squaredHinge(weights);

        for (int i = 0; i < 3; i++) {
            for (double step : new double[] {-1e-3, 1e-3}) {
                double[] moved = weights.clone();
                moved[i] += step;
                assertThat(squaredHinge(moved)).isGreaterThan(least);
            }
        }
    }

    private double squaredHinge(double[] weights) {
        double sum = 0.5 * (weights[0] * weights[0] + weights[1] * weights[1]);
        for (int row = 0; row < COUNT; row++) {
            double[] x = rows.row(row);
            double margin = CLASSES[row] * (weights[0] * x[0] + weights[1] * x[1] + weights[2]);
            sum += Math.pow(Math.max(0, 1 - margin), 2);
        }
        return sum;
    }

    @Test
    void plattFindsTheCurveThatMadeTheLabels() {
        // 1000 rows at each decision value, of which the share of 1 / (1 + exp(-(2 f - 1))) is positive.
        double[] values = {-1, -0.5, 0, 0.5, 1, 1.5};
        double[] decisions = new double[6000];
        double[] signs = new double[6000];
        for (int i = 0; i < 6000; i++) {
            decisions[i] = values[i / 1000];
            signs[i] = i % 1000 < 1000 / (1 + Math.exp(-(2 * decisions[i] - 1))) ? 1 : -1;
        }
        float[] weights = new float[6000];
        Arrays.fill(weights, 1);

        PlattCalibration platt = new PlattFit(decisions, signs, weights).fit();

        assertThat(platt.slope()).isCloseTo(2, within(0.02));
        assertThat(platt.intercept()).isCloseTo(-1, within(0.02));
    }

    private double[] decisions(Kernel kernel, double[] targets, boolean isRegression) {
        return Arrays.copyOf(
                solve(kernel, new Problem(isRegression, targets, COSTS, 0.1)).decisions(), 4);
    }

    private Solution solve(Kernel kernel, Problem problem) {
        return new KernelSolver(new KernelRows(rows, kernel, 1), problem, () -> false).solve();
    }

    private static double[] values() {
        double[] values = IntStream.range(0, COUNT)
                .mapToDouble(i -> Math.sin(i * 0.4) * 3 + A[i])
                .toArray();
        double mean = Arrays.stream(values).average().orElseThrow();
        double deviation = Math.sqrt(
                Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / COUNT);
        return Arrays.stream(values).map(x -> (x - mean) / deviation).toArray();
    }

    private static SvmRows rows() {
        List<String> keys = IntStream.range(0, COUNT).mapToObj(i -> "c" + i).toList();
        TrainingFold fold = TrainingFold.all(PlantedTable.set(
                keys,
                new RowBlock.NumberTarget(
                        Arrays.stream(CLASSES).map(sign -> (sign + 1) / 2).toArray()),
                List.of(new RowBlock.Numbers("a", 1, A), new RowBlock.Numbers("b", 1, B))));
        Encodings encodings = FitRequest.of(fold, 1).encodings();
        return new SvmRows(encodings.standardizedFlat(), encodings.rows());
    }
}
