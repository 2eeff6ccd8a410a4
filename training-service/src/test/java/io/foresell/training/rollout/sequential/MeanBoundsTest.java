package io.foresell.training.rollout.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MeanBoundsTest {
    /** Counts every path of a coin exactly: no simulation, no approximation. */
    @ParameterizedTest
    @CsvSource({"0.02, 0.05", "0.3, 0.05", "0.5, 0.01", "0.95, 0.2"})
    void aCoinIsEverOutsideAtMostAsOftenAsSaid(double mean, double alpha) {
        int tosses = 600;
        double[] inside = {1}; // probability of each number of heads with the mean never outside
        double everOutside = 0;
        for (int n = 1; n <= tosses; n++) {
            double[] next = new double[n + 1];
            for (int heads = 0; heads < inside.length; heads++) {
                next[heads] += inside[heads] * (1 - mean);
                next[heads + 1] += inside[heads] * mean;
            }
            for (int heads = 0; heads <= n; heads++) {
                if (MeanBounds.isRejected(n, heads, mean, alpha)) {
                    everOutside += next[heads];
                    next[heads] = 0;
                }
            }
            inside = next;
        }
        assertThat(everOutside).isLessThan(alpha).isGreaterThan(alpha / 100);
    }

    @Test
    void evidenceIsAMartingale() {
        double mean = 0.13;
        for (int n = 1; n <= 60; n++) {
            double expected = 0;
            double probability = Math.pow(1 - mean, n);
            for (int heads = 0; heads <= n; heads++) {
                expected += probability * Math.exp(MeanBounds.logEvidence(n, heads, mean));
                probability *= (n - heads) / (heads + 1.0) * mean / (1 - mean);
            }
            assertThat(expected).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void boundsLieWhereTheEvidenceIs() {
        MeanBounds bounds = MeanBounds.of(1000, 30, 0.05);
        assertThat(bounds.low()).isBetween(0.0, 0.03);
        assertThat(Math.exp(MeanBounds.logEvidence(1000, 30, bounds.low()))).isCloseTo(20, within(1e-6));
        assertThat(Math.exp(MeanBounds.logEvidence(1000, 30, bounds.high()))).isCloseTo(20, within(1e-6));
        assertThat(MeanBounds.of(1000, 0, 0.05).low()).isZero();
        assertThat(MeanBounds.of(1000, 1000, 0.05).high()).isEqualTo(1);
        assertThat(MeanBounds.of(0, 0, 0.05)).isEqualTo(MeanBounds.ANY);
        assertThatThrownBy(() -> MeanBounds.of(3, 4, 0.05)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aQuantileIsEverOutsideAtMostAsOftenAsSaid() {
        double[] edges = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        double alpha = 0.1;
        java.util.Random random = new java.util.Random(11);
        int outside = 0;
        int runs = 300;
        for (int run = 0; run < runs; run++) {
            long[] counts = new long[10];
            boolean isOutside = false;
            for (int n = 1; n <= 1500; n++) {
                counts[(int) (10 * random.nextDouble())]++; // the 0.95 quantile is 9.5, the 0.8 quantile 8
                if (n % 5 == 0) {
                    QuantileBounds bounds = QuantileBounds.of(new Histogram(edges, counts), 0.8, alpha);
                    isOutside |= bounds.low() >= 8 || bounds.high() < 8;
                }
            }
            outside += isOutside ? 1 : 0;
        }
        assertThat(outside).isLessThanOrEqualTo((int) (alpha * runs));
    }

    @Test
    void quantileBoundsCloseIn() {
        long[] counts = new long[10];
        java.util.Arrays.fill(counts, 2_000);
        Histogram values = new Histogram(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, counts);
        assertThat(QuantileBounds.of(values, 0.75, 0.01)).isEqualTo(new QuantileBounds(7, 8));
        assertThat(values.quantile(0.75)).isCloseTo(7.5, within(1e-12));
        assertThat(QuantileBounds.of(values, 0.999, 0.01)).isEqualTo(new QuantileBounds(9, Double.POSITIVE_INFINITY));
        assertThat(QuantileBounds.of(Histogram.EMPTY, 0.5, 0.01))
                .isEqualTo(new QuantileBounds(0, Double.POSITIVE_INFINITY));
    }
}
