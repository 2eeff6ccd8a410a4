package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
    private final Random random = new Random(17);

    /** Rows that count so many times measure as rows that are there so many times. */
    @Test
    void weightsAreCopiesOfRows() {
        for (Task task : List.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION)) {
            for (int round = 0; round < 20; round++) {
                int count = 5 + random.nextInt(30);
                int width = task == Task.MULTICLASS ? 4 : 1;
                double[] labels = labels(task, count);
                double[] answers = answers(task, count, width);
                int[] weights = new int[count];
                Arrays.setAll(weights, i -> random.nextInt(4));
                weights[0] = 1;
                compare(task, labels, answers, weights, width);
            }
        }
    }

    private static void compare(Task task, double[] labels, double[] answers, int[] weights, int width) {
        List<Double> copiedLabels = new ArrayList<>();
        List<Double> copiedAnswers = new ArrayList<>();
        for (int row = 0; row < labels.length; row++) {
            for (int copy = 0; copy < weights[row]; copy++) {
                copiedLabels.add(labels[row]);
                for (int i = 0; i < width; i++) {
                    copiedAnswers.add(answers[row * width + i]);
                }
            }
        }
        Map<Metric, Double> expected = TaskMetrics.of(task, unboxed(copiedLabels), unboxed(copiedAnswers))
                .all();
        Resampling resampling = Resampling.of(
                task,
                new FoldAnswers(
                        labels,
                        answers,
                        FoldAnswers.consecutive(0, labels.length),
                        FoldAnswers.consecutive(0, labels.length)));
        double[] measured = new double[resampling.metrics().size()];
        resampling.measure(weights, measured);
        for (int i = 0; i < measured.length; i++) {
            Metric metric = resampling.metrics().get(i);
            assertThat(measured[i]).as(metric.key()).isEqualTo(expected.get(metric), within(1e-9));
        }
    }

    private static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private double[] labels(Task task, int count) {
        double[] labels = new double[count];
        Arrays.setAll(
                labels,
                i -> task == Task.REGRESSION ? random.nextInt(10) : random.nextInt(task == Task.BINARY ? 2 : 4));
        return labels;
    }

    /** Few different answers, so that many tie. */
    private double[] answers(Task task, int count, int width) {
        double[] answers = new double[count * width];
        Arrays.setAll(answers, i -> task == Task.REGRESSION ? random.nextInt(10) : (1 + random.nextInt(8)) / 10.0);
        for (int row = 0; row < count && width > 1; row++) {
            double sum = 0;
            for (int i = 0; i < width; i++) {
                sum += answers[row * width + i];
            }
            for (int i = 0; i < width; i++) {
                answers[row * width + i] /= sum;
            }
        }
        return answers;
    }

    /** 150 data sets of which the true area is known: 95 % of the intervals should hold it. */
    @Test
    void intervalsHoldTheTruthAsOftenAsTheySay() {
        double truth = 0.76025; // two normal scores one standard deviation apart: Phi(1 / sqrt(2))
        int held = 0;
        for (int round = 0; round < 150; round++) {
            int count = 200;
            double[] labels = new double[count];
            double[] scores = new double[count];
            for (int i = 0; i < count; i++) {
                labels[i] = i % 3 == 0 ? 1 : 0;
                scores[i] = 1 / (1 + Math.exp(-(labels[i] + random.nextGaussian())));
            }
            int[] rows = FoldAnswers.consecutive(0, count);
            Interval interval = Bootstrap.of(
                            Task.BINARY, List.of(new FoldAnswers(labels, scores, rows, rows)), round, () -> false)
                    .interval(Metric.ROC_AUC);
            held += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
        }
        assertThat(held / 150.0).isBetween(0.89, 0.99);
    }

    @Test
    void entitiesAreDrawnWhole() {
        int count = 400;
        double[] labels = new double[count];
        double[] scores = new double[count];
        int[] entities = new int[count];
        for (int i = 0; i < count; i++) {
            // Ten equal rows of each entity: there is a tenth of the information.
            entities[i] = i / 10;
            labels[i] = entities[i] % 2;
            scores[i] = 1 / (1 + Math.exp(-(labels[i] + new Random(entities[i]).nextGaussian())));
        }
        int[] rows = FoldAnswers.consecutive(0, count);
        Interval byRow = interval(labels, scores, rows, rows);
        Interval byEntity = interval(labels, scores, rows, entities);

        assertThat(byEntity.high() - byEntity.low()).isGreaterThan(2 * (byRow.high() - byRow.low()));
    }

    private static Interval interval(double[] labels, double[] scores, int[] rows, int[] entities) {
        return Bootstrap.of(Task.BINARY, List.of(new FoldAnswers(labels, scores, rows, entities)), 1, () -> false)
                .interval(Metric.ROC_AUC);
    }

    /** The definition: every pair of a positive and a negative, and the variance of their means. */
    @Test
    void deLongIsItsDefinition() {
        int count = 40;
        double[] labels = labels(Task.BINARY, count);
        double[] a = answers(Task.BINARY, count, 1);
        double[] b = answers(Task.BINARY, count, 1);
        double[][] kernels = {kernels(labels, a, 1), kernels(labels, b, 1), kernels(labels, a, 0), kernels(labels, b, 0)
        };

        DeLong first = DeLong.of(labels, a);

        assertThat(first.area()).isCloseTo(Arrays.stream(kernels[0]).average().orElseThrow(), within(1e-12));
        assertThat(first.variance())
                .isCloseTo(
                        covariance(kernels[0], kernels[0]) / kernels[0].length
                                + covariance(kernels[2], kernels[2]) / kernels[2].length,
                        within(1e-12));
        double expected = 0;
        for (int side = 0; side < 4; side += 2) {
            expected += (covariance(kernels[side], kernels[side])
                            + covariance(kernels[side + 1], kernels[side + 1])
                            - 2 * covariance(kernels[side], kernels[side + 1]))
                    / kernels[side].length;
        }
        assertThat(first.varianceOfDifference(DeLong.of(labels, b))).isCloseTo(expected, within(1e-12));
        assertThat(DeLong.pValue(1.959964)).isCloseTo(0.05, within(1e-6));
    }

    /** For each row of a class, the share of pairs with the other class that are in order, ties half. */
    private static double[] kernels(double[] labels, double[] scores, double own) {
        List<Double> means = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == own) {
                double sum = 0;
                double pairs = 0;
                for (int j = 0; j < labels.length; j++) {
                    if (labels[j] != own) {
                        double positive = own == 1 ? scores[i] : scores[j];
                        double negative = own == 1 ? scores[j] : scores[i];
                        sum += positive > negative ? 1 : positive == negative ? 0.5 : 0;
                        pairs++;
                    }
                }
                means.add(sum / pairs);
            }
        }
        return unboxed(means);
    }

    private static double covariance(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }
        return sum / (x.length - 1);
    }
}
