package io.foresell.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.benchmarks.soak.Trend.Verdict;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

final class TrendTest {
    private static Trend trend(int count, DoubleUnaryOperator value) {
        double[] times = new double[count];
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = i;
            values[i] = value.applyAsDouble(i);
        }
        return Trend.of(times, values);
    }

    /** The first fifth, in which a process grows into its size, is not looked at. */
    @Test
    void theBeginningDoesNotCount() {
        Trend trend = trend(100, second -> second < 20 ? 10 * second : 300);
        assertThat(trend.level()).isEqualTo(300);
        assertThat(trend.growth()).isZero();
        assertThat(trend.verdict(0)).isEqualTo(Verdict.FLAT);
    }

    @Test
    void aLineIsItsGrowth() {
        Trend trend = trend(1000, second -> 50 + 0.01 * second);
        assertThat(trend.growth()).isCloseTo(8, within(0.01));
        assertThat(trend.high() - trend.low()).isLessThan(1e-6);
        assertThat(trend.verdict(7)).isEqualTo(Verdict.GROWS);
        assertThat(trend.verdict(9)).isEqualTo(Verdict.FLAT);
    }

    /** 2,000 random walks without drift: the interval of 95 % covers nought about as often as it says, where neighbours resemble one another. */
    @Test
    void noiseThatRemembersIsNotTakenForGrowth() {
        Random random = new Random(3);
        int covered = 0;
        for (int run = 0; run < 2000; run++) {
            double[] noise = new double[1];
            Trend trend = trend(500, second -> noise[0] = 0.8 * noise[0] + random.nextGaussian());
            covered += trend.low() <= 0 && trend.high() >= 0 ? 1 : 0;
        }
        assertThat(covered / 2000.0).isBetween(0.91, 0.97);
    }

    @Test
    void aLeakIsSeenInNoise() {
        Random random = new Random(4);
        Trend trend = trend(600, second -> 100 + 0.05 * second + 3 * random.nextGaussian());
        assertThat(trend.growth()).isCloseTo(24, within(3.0));
        assertThat(trend.verdict(5)).isEqualTo(Verdict.GROWS);
    }

    @Test
    void whatIsTooNoisyIsNotCalledFlat() {
        Random random = new Random(5);
        assertThat(trend(20, second -> 100 + 30 * random.nextGaussian()).verdict(5))
                .isEqualTo(Verdict.NOT_SHOWN);
        Trend tooShort = trend(11, second -> 1);
        assertThat(tooShort.level()).isEqualTo(1);
        assertThat(tooShort.verdict(5)).isEqualTo(Verdict.NOT_SHOWN);
    }

    @Test
    void nativeMemoryIsReadFromTheSummary() {
        String summary =
                "-                     Other (reserved=4212KB, committed=3072KB)\n                            (malloc=4212KB #44)";
        assertThat(ProcessProbe.committedOther(summary)).isEqualTo(3);
        assertThat(ProcessProbe.committedOther("Native memory tracking is not enabled"))
                .isNaN();
    }
}
