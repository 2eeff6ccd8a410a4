package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    /** The example in scikit-learn's documentation of roc_auc_score and average_precision_score. */
    @Test
    void agreesWithThePublishedExample() {
        Metrics metrics = metrics(new int[] {0, 0, 1, 1}, 0.1, 0.4, 0.35, 0.8);

        assertThat(metrics.rocAuc()).isCloseTo(0.75, within(1e-12));
        assertThat(metrics.averagePrecision()).isCloseTo(0.8333333333333333, within(1e-12));
    }

    /** The example in scikit-learn's documentation of brier_score_loss; the others by hand. */
    @Test
    void agreesWithHandComputedFigures() {
        Metrics metrics = metrics(new int[] {0, 1, 1, 0}, 0.1, 0.9, 0.8, 0.3);

        assertThat(metrics.brier()).isCloseTo(0.0375, within(1e-12));
        assertThat(metrics.logLoss())
                .isCloseTo(-(Math.log(0.9) + Math.log(0.9) + Math.log(0.8) + Math.log(0.7)) / 4, within(1e-12));
        assertThat(metrics.all().get(Metric.ACCURACY)).isEqualTo(1);
        assertThat(metrics.all().get(Metric.F1)).isEqualTo(1);
        // Four bins of one row each: |label - p| averaged.
        assertThat(metrics.expectedCalibrationError()).isCloseTo((0.1 + 0.1 + 0.2 + 0.3) / 4, within(1e-12));
    }

    @Test
    void f1AndAccuracyAtOneHalf() {
        Metrics metrics = metrics(new int[] {1, 1, 1, 0, 0}, 0.5, 0.9, 0.2, 0.6, 0.1);

        // Found 2 of 3, 1 wrong: precision 2/3, recall 2/3.
        assertThat(metrics.all().get(Metric.F1)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(metrics.all().get(Metric.ACCURACY)).isCloseTo(0.6, within(1e-12));
        assertThat(metrics(new int[] {1, 0}, 0.1, 0.1).all().get(Metric.F1)).isZero();
    }

    @Test
    void clipsCertainty() {
        assertThat(metrics(new int[] {1, 0}, 0, 1).logLoss()).isCloseTo(-Math.log(1e-15), within(0.01));
    }

    @Test
    void agreesWithBruteForceOnTies() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            int count = 2 + random.nextInt(60);
            int levels = 1 + random.nextInt(12);
            int[] labels = new int[count];
            double[] scores = new double[count];
            for (int i = 0; i < count; i++) {
                labels[i] = random.nextInt(2);
                scores[i] = random.nextInt(levels) / 12.0;
            }
            labels[0] = 0;
            labels[1] = 1;

            Metrics metrics = metrics(labels, scores);

            assertThat(metrics.rocAuc()).isCloseTo(pairwiseAuc(labels, scores), within(1e-12));
            assertThat(metrics.averagePrecision()).isCloseTo(stepwisePrecision(labels, scores), within(1e-12));
        }
    }

    @Test
    void liftCountsTiesAtTheCutInProportion() {
        // 10 rows, 4 positive; the top tenth is cut out of a tie of 2 with 1 positive.
        Metrics metrics = metrics(new int[] {1, 0, 1, 0, 0, 0, 1, 1, 0, 0}, .9, .9, .5, .5, .5, .5, .5, .5, .5, .5);

        assertThat(metrics.lift(0.1).lift()).isCloseTo(0.5 / 0.4, within(1e-12));
        assertThat(metrics.lift(1).lift()).isCloseTo(1, within(1e-12));
        assertThat(metrics.lift(1).recall()).isCloseTo(1, within(1e-12));
        assertThat(metrics.liftTable()).last().extracting("topFraction").isEqualTo(1.0);
    }

    @Test
    void constantScoresAreWorthNothingInAnyOrder() {
        int[] labels = new int[100];
        double[] scores = new double[100];
        for (int i = 0; i < 100; i++) {
            labels[i] = i < 30 ? 1 : 0;
            scores[i] = 0.3;
        }
        Map<Metric, Double> all = metrics(labels, scores).all();

        assertThat(all.get(Metric.ROC_AUC)).isEqualTo(0.5);
        assertThat(all.get(Metric.PR_AUC)).isCloseTo(0.3, within(1e-12));
        assertThat(all.get(Metric.EXPECTED_CALIBRATION_ERROR)).isCloseTo(0, within(1e-12));
        assertThat(all.get(Metric.LIFT_10)).isCloseTo(1, within(1e-12));
    }

    @Test
    void calibrationHasTenBinsOfEqualCountFromLowToHigh() {
        double[] scores = new double[1005];
        int[] labels = new int[1005];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i / 1005.0;
            labels[i] = i % 2;
        }
        Metrics metrics = metrics(labels, scores);

        assertThat(metrics.calibration()).hasSize(10).allMatch(bin -> bin.rowCount() >= 100 && bin.rowCount() <= 101);
        assertThat(metrics.calibration().get(0).meanPredicted()).isLessThan(0.1);
        assertThat(metrics.calibration().stream()
                        .mapToLong(Evaluation.CalibrationBin::rowCount)
                        .sum())
                .isEqualTo(1005);
    }

    @Test
    void refusesNaN() {
        assertThatThrownBy(() -> metrics(new int[] {0, 1}, 0.1, Double.NaN)).hasMessageContaining("NaN");
    }

    @Test
    void seesASingleColumnThatDecidesTheLabel() {
        boolean[] labels = {true, false, true, false, true, false};

        assertThat(SingleColumn.rocAuc(labels, new double[] {0, 5, Double.NaN, 6, 0, 7}))
                .isEqualTo(1);
        assertThat(SingleColumn.rocAuc(labels, new String[] {"a", "b", "a", "b", "a", "b"}))
                .isEqualTo(1);
        assertThat(SingleColumn.rocAuc(labels, new String[] {"a", "b", "c", "d", "e", "f"}))
                .isLessThan(0.9);
    }

    private static double pairwiseAuc(int[] labels, double[] scores) {
        double wins = 0;
        double pairs = 0;
        for (int i = 0; i < labels.length; i++) {
            for (int j = 0; j < labels.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    pairs++;
                    wins += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }
        return wins / pairs;
    }

    /** For every distinct threshold: precision times the recall gained there. */
    private static double stepwisePrecision(int[] labels, double[] scores) {
        double sum = 0;
        double lastRecall = 0;
        double positives = java.util.Arrays.stream(labels).sum();
        for (int level = 12; level >= 0; level--) {
            double found = 0;
            double taken = 0;
            for (int i = 0; i < labels.length; i++) {
                if (scores[i] >= level / 12.0 - 1e-9) {
                    taken++;
                    found += labels[i];
                }
            }
            if (taken > 0) {
                sum += (found / positives - lastRecall) * found / taken;
                lastRecall = found / positives;
            }
        }
        return sum;
    }

    private static Metrics metrics(int[] labels, double... probabilities) {
        boolean[] positives = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positives[i] = labels[i] == 1;
        }
        return new Metrics(positives, probabilities);
    }
}
