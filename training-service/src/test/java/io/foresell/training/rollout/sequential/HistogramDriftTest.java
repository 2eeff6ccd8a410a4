package io.foresell.training.rollout.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistogramDriftTest {
    private static final double[] EDGES = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};

    @Test
    void figuresAreThoseOfTheFormula() {
        Histogram expected = new Histogram(new double[] {0.5}, new long[] {500_000, 500_000});
        Histogram actual = new Histogram(new double[] {0.5}, new long[] {600_000, 400_000});
        HistogramDrift drift = HistogramDrift.of(expected, actual, 0.05);
        // 0.1 ln(1.2) - 0.1 ln(0.8) = 0.040547, less the 2e-6 of chance.
        assertThat(drift.index()).isCloseTo(0.040545, within(1e-6));
        assertThat(drift.distance()).isCloseTo(0.1, within(1e-12));
        assertThat(drift.indexLow()).isBetween(0.034, drift.index());
        assertThat(drift.distanceLow()).isBetween(0.095, 0.1);
    }

    @Test
    void lowerBoundsStayBelowTheTruthAtEveryLook() {
        Random random = new Random(3);
        int wrong = 0;
        int runs = 50;
        for (int run = 0; run < runs; run++) {
            long[] expected = new long[10];
            long[] actual = new long[10];
            boolean isWrong = false;
            for (int n = 1; n <= 1_000; n++) {
                expected[(int) (10 * random.nextDouble())]++;
                actual[(int) (10 * random.nextDouble())]++;
                if (n % 100 == 0) {
                    HistogramDrift drift =
                            HistogramDrift.of(new Histogram(EDGES, expected), new Histogram(EDGES, actual), 0.2);
                    isWrong |= drift.indexLow() > 0 || drift.distanceLow() > 0;
                }
            }
            wrong += isWrong ? 1 : 0;
        }
        assertThat(wrong).isLessThanOrEqualTo((int) (0.2 * runs));
    }

    @Test
    void aShiftIsProvenSoon() {
        Random random = new Random(4);
        long[] expected = new long[10];
        long[] actual = new long[10];
        for (int n = 0; n < 2_000; n++) {
            expected[(int) (10 * random.nextDouble())]++;
            actual[(int) (10 * Math.sqrt(random.nextDouble()))]++;
        }
        HistogramDrift drift = HistogramDrift.of(new Histogram(EDGES, expected), new Histogram(EDGES, actual), 0.05);
        assertThat(drift.distanceLow()).isGreaterThan(0.1);
        assertThat(drift.indexLow()).isGreaterThan(0.02).isLessThan(drift.index());
    }

    @Test
    void refusesWhatCannotBeCompared() {
        Histogram one = new Histogram(new double[] {0.5}, new long[] {5, 5});
        assertThatThrownBy(() -> HistogramDrift.of(one, new Histogram(EDGES, new long[10]), 0.05))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HistogramDrift.of(one, new Histogram(new double[] {0.5}, new long[2]), 0.05))
                .hasMessageContaining("0 values in 2 bins");
        assertThatThrownBy(() -> one.minus(new Histogram(new double[] {0.5}, new long[] {6, 0})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
