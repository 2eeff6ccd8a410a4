package io.foresell.training.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.graph.BetaCalibration;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.IsotonicCalibration;
import io.foresell.model.graph.PlattCalibration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Figures of scikit-learn 1.9 on the same 300 rows. */
final class CalibrationFitTest {
    private static final int COUNT = 300;

    private final double[] probabilities = new double[COUNT];
    private final boolean[] labels = new boolean[COUNT];

    CalibrationFitTest() {
        for (int i = 0; i < COUNT; i++) {
            double z = 2.5 * Math.sin(1.7 * i) + 0.3 * Math.cos(0.37 * i);
            probabilities[i] = LogOdds.sigmoid(z);
            labels[i] = (i * 0.6180339887498949) % 1.0 < LogOdds.sigmoid(0.6 * z - 0.4);
        }
    }

    @Test
    void plattIsThatOfScikitLearn() {
        PlattCalibration platt = (PlattCalibration) CalibrationMethod.PLATT.fit(probabilities, labels, true);

        assertThat(platt.slope()).isCloseTo(0.61172, within(1e-4));
        assertThat(platt.intercept()).isCloseTo(-0.41374, within(1e-4));
    }

    @Test
    void betaIsTheLogisticRegressionOnBothLogarithms() {
        BetaCalibration beta = (BetaCalibration) CalibrationMethod.BETA.fit(probabilities, labels, true);

        assertThat(beta.a()).isCloseTo(0.71576, within(1e-4));
        assertThat(beta.b()).isCloseTo(0.53791, within(1e-4));
        assertThat(beta.c()).isCloseTo(-0.24295, within(1e-4));
    }

    @Test
    void isotonicStepsAreThoseOfScikitLearn() {
        double[] fitted = IsotonicFit.fitted(probabilities, labels);

        assertThat(fitted[0]).isCloseTo(0.52380952, within(1e-8));
        assertThat(fitted[100]).isCloseTo(0.57142857, within(1e-8));
        assertThat(fitted[200]).isCloseTo(0.68333333, within(1e-8));
        assertThat(Arrays.stream(fitted).sum()).isCloseTo(126, within(1e-9));
        assertThat(Arrays.stream(fitted).map(q -> q * q).sum()).isCloseTo(72.09655825841706, within(1e-8));
    }

    /** The greatest lower bound over all blocks: min over ends of max over starts of the mean. */
    @Test
    void isotonicIsTheMinimaxOfMeans() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            int count = 1 + random.nextInt(25);
            double[] p = new double[count];
            boolean[] y = new boolean[count];
            for (int i = 0; i < count; i++) {
                p[i] = random.nextInt(15) / 15.0;
                y[i] = random.nextBoolean();
            }
            double[] fitted = IsotonicFit.fitted(p, y);
            for (int i = 0; i < count; i++) {
                assertThat(fitted[i]).isCloseTo(minimax(p, y, p[i]), within(1e-12));
            }
        }
    }

    private static double minimax(double[] p, boolean[] y, double x) {
        double least = Double.POSITIVE_INFINITY;
        for (double until : p) {
            double greatest = Double.NEGATIVE_INFINITY;
            for (double from : p) {
                if (from <= x && x <= until) {
                    greatest = Math.max(greatest, mean(p, y, from, until));
                }
            }
            least = x <= until ? Math.min(least, greatest) : least;
        }
        return least;
    }

    private static double mean(double[] p, boolean[] y, double from, double until) {
        double sum = 0;
        double count = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] >= from && p[i] <= until) {
                sum += y[i] ? 1 : 0;
                count++;
            }
        }
        return sum / count;
    }

    @Test
    void everyMethodRisesAndKeepsInsideOfZeroAndOne() {
        for (CalibrationMethod method : CalibrationMethod.values()) {
            Curve curve = new Curve(method.fit(probabilities, labels, true), true);
            double last = 0;
            for (double p = 0.001; p < 1; p += 0.001) {
                double calibrated = curve.probability(p);
                assertThat(calibrated)
                        .as("%s at %s", method, p)
                        .isGreaterThanOrEqualTo(last - 1e-12)
                        .isBetween(0.0, 1.0);
                last = calibrated;
            }
        }
    }

    /** Means that differ by one rounding must not become a ramp without width. */
    @Test
    void stepsOfOneRoundingAreNoSteps() {
        IsotonicCalibration curve =
                IsotonicCalibration.ofSteps(new double[] {0.2, 0.2, 0.6}, new double[] {0.1, Math.nextUp(0.1), 0.5});

        assertThat(curve.from()).containsExactly(0.2, 0.6);
        assertThat(curve.to()).containsExactly(0.1, 0.5);
    }

    @Test
    void leavesOneClassAndAFallingModelAsTheyAre() {
        for (CalibrationMethod method : CalibrationMethod.values()) {
            assertThat(method.fit(new double[] {0.2, 0.7}, new boolean[] {true, true}, true))
                    .isEqualTo(Calibration.NONE);
        }
        double[] turned = Arrays.stream(probabilities).map(p -> 1 - p).toArray();
        assertThat(CalibrationMethod.PLATT.fit(turned, labels, true)).isEqualTo(Calibration.NONE);
        assertThat(CalibrationMethod.BETA.fit(turned, labels, true)).isEqualTo(Calibration.NONE);
    }
}
