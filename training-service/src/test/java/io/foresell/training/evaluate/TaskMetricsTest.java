package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Task;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaskMetricsTest {
    @Test
    void measuresSeveralClasses() {
        double[] labels = {0, 1, 2, 2, 1, 0};
        double[] answers = {
            0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.2, 0.2, 0.6, 0.5, 0.3, 0.2, 0.3, 0.4, 0.3, 0.4, 0.5, 0.1,
        };

        Map<Metric, Double> all =
                TaskMetrics.of(Task.MULTICLASS, labels, answers).all();

        assertThat(all.get(Metric.ACCURACY)).isCloseTo(4 / 6.0, within(1e-12));
        assertThat(all.get(Metric.BALANCED_ACCURACY)).isCloseTo((0.5 + 1 + 0.5) / 3, within(1e-12));
        // Classes: 0 has 1 right of 2 answered and 2 actual, 1 has 2 of 3 and 2, 2 has 1 of 1 and 2.
        assertThat(all.get(Metric.MACRO_F1)).isCloseTo((0.5 + 0.8 + 2 / 3.0) / 3, within(1e-12));
        assertThat(all.get(Metric.LOG_LOSS))
                .isCloseTo(-(Math.log(0.7 * 0.8 * 0.6 * 0.2 * 0.4 * 0.4)) / 6, within(1e-12));
        assertThat(all.get(Metric.TOP_3_ACCURACY)).isEqualTo(1);
        // One against the rest: 0 wins 7 of 8 pairs (0.4 < 0.5), 1 wins 7 (0.4 < 0.5), 2 wins 7 (0.2 < 0.3).
        assertThat(all.get(Metric.ROC_AUC)).isCloseTo(7 / 8.0, within(1e-12));
        assertThat(all.get(Metric.BRIER)).isCloseTo((0.14 + 0.06 + 0.24 + 0.98 + 0.54 + 0.62) / 6, within(1e-12));
    }

    @Test
    void twoClassesAsSeveralAgreeWithTwo() {
        double[] labels = {0, 1, 1, 0, 1};
        double[] positive = {0.2, 0.7, 0.4, 0.6, 0.9};
        double[] both = new double[10];
        for (int row = 0; row < 5; row++) {
            both[2 * row] = 1 - positive[row];
            both[2 * row + 1] = positive[row];
        }

        Map<Metric, Double> binary =
                TaskMetrics.of(Task.BINARY, labels, positive).all();
        Map<Metric, Double> several =
                TaskMetrics.of(Task.MULTICLASS, labels, both).all();

        assertThat(several.get(Metric.ROC_AUC)).isCloseTo(binary.get(Metric.ROC_AUC), within(1e-12));
        assertThat(several.get(Metric.LOG_LOSS)).isCloseTo(binary.get(Metric.LOG_LOSS), within(1e-12));
        assertThat(several.get(Metric.ACCURACY)).isEqualTo(binary.get(Metric.ACCURACY));
        assertThat(several.get(Metric.BRIER)).isCloseTo(2 * binary.get(Metric.BRIER), within(1e-12));
    }

    @Test
    void measuresValues() {
        Map<Metric, Double> all = TaskMetrics.of(
                        Task.REGRESSION, new double[] {1, 2, 3, -4}, new double[] {2, 2, 1, -4})
                .all();

        assertThat(all.get(Metric.RMSE)).isCloseTo(Math.sqrt(5 / 4.0), within(1e-12));
        assertThat(all.get(Metric.MAE)).isEqualTo(0.75);
        assertThat(all.get(Metric.MEDIAN_AE)).isEqualTo(0.5);
        assertThat(all.get(Metric.R2)).isCloseTo(1 - 5 / 29.0, within(1e-12));
        assertThat(all.get(Metric.WAPE)).isCloseTo(0.3, within(1e-12));
        assertThat(all.get(Metric.SMAPE)).isCloseTo((200 / 3.0 + 100) / 4, within(1e-12));
    }

    /** The figures of scikit-learn 1.9 and SciPy on the same numbers. */
    @Test
    void agreesWithScikitLearnOnTwoClasses() {
        double[] labels = {1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0};
        double[] answers = {.9, .6, .55, .4, .35, .5, .8, .1, .2, .5, .45, .3};

        Map<Metric, Double> all = TaskMetrics.of(Task.BINARY, labels, answers).all();

        assertThat(all.get(Metric.PRECISION)).isCloseTo(0.6666666666666666, within(1e-12));
        assertThat(all.get(Metric.RECALL)).isCloseTo(0.8, within(1e-12));
        assertThat(all.get(Metric.BALANCED_ACCURACY)).isCloseTo(0.7571428571428571, within(1e-12));
        assertThat(all.get(Metric.MATTHEWS)).isCloseTo(0.50709255283711, within(1e-12));
        assertThat(all.get(Metric.KOLMOGOROV_SMIRNOV)).isCloseTo(0.5714285714285714, within(1e-12));
    }

    /** The figures of scikit-learn 1.9 on the same numbers. */
    @Test
    void agreesWithScikitLearnOnSeveralClasses() {
        double[] labels = {0, 1, 2, 2, 1, 0, 0, 2, 2, 1};
        int[] answered = {0, 1, 1, 2, 1, 2, 0, 1, 2, 1};
        double[] answers = new double[30];
        for (int row = 0; row < answered.length; row++) {
            answers[3 * row + answered[row]] = 1;
        }

        Map<Metric, Double> all =
                TaskMetrics.of(Task.MULTICLASS, labels, answers).all();

        assertThat(all.get(Metric.WEIGHTED_F1)).isCloseTo(0.6935714285714286, within(1e-12));
        assertThat(all.get(Metric.MATTHEWS)).isCloseTo(0.5784074945196682, within(1e-12));
        assertThat(all.get(Metric.COHEN_KAPPA)).isCloseTo(0.5522388059701492, within(1e-12));
    }

    /** The figures of scikit-learn 1.9 and SciPy on the same numbers; the row of value 0 is left out of MAPE. */
    @Test
    void agreesWithScikitLearnOnValues() {
        Map<Metric, Double> all = TaskMetrics.of(
                        Task.REGRESSION, new double[] {3, 5, 0, 2, 7, 2, 9}, new double[] {2.5, 5, 1, 2, 8, 4, 7})
                .all();

        assertThat(all.get(Metric.MAPE)).isCloseTo(0.2552910052910053, within(1e-12));
        assertThat(all.get(Metric.SPEARMAN)).isCloseTo(0.900937462695559, within(1e-12));
    }

    @Test
    void whatDoesNotExistIsNotANumber() {
        Map<Metric, Double> nobody = TaskMetrics.of(Task.BINARY, new double[] {1, 0}, new double[] {0.1, 0.2})
                .all();
        Map<Metric, Double> constant = TaskMetrics.of(Task.REGRESSION, new double[] {0, 0}, new double[] {1, 2})
                .all();

        assertThat(nobody.get(Metric.PRECISION)).isNaN();
        assertThat(nobody.get(Metric.RECALL)).isZero();
        assertThat(nobody.get(Metric.MATTHEWS)).isZero();
        assertThat(constant.get(Metric.MAPE)).isNaN();
        assertThat(constant.get(Metric.SPEARMAN)).isNaN();
    }

    @Test
    void measuresClusters() {
        double[] distances = {-1, -3, -4, -2};

        Map<Metric, Double> all =
                TaskMetrics.of(Task.CLUSTERS, new double[2], distances).all();
        Map<Metric, Double> posteriors = TaskMetrics.of(Task.CLUSTERS, new double[2], new double[] {0.9, 0.1, 0.8, 0.2})
                .all();

        assertThat(all.get(Metric.MEAN_SQUARED_DISTANCE)).isEqualTo(2.5);
        assertThat(all.get(Metric.SIMPLIFIED_SILHOUETTE)).isCloseTo((2 / 3.0 + 0.5) / 2, within(1e-12));
        assertThat(all.get(Metric.LARGEST_CLUSTER)).isEqualTo(0.5);
        assertThat(posteriors.get(Metric.MEAN_SQUARED_DISTANCE)).isNaN();
        assertThat(posteriors.get(Metric.LARGEST_CLUSTER)).isEqualTo(1);
    }
}
