package io.foresell.inference.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Counting numbers in fixed bins. */
final class HistogramTest {
    private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999};

    @Test
    void quantilesAreWithinOnePointSixPercentOfThoseOfTheSortedNumbers() {
        SplittableRandom random = new SplittableRandom(7);
        for (double scale : new double[] {1e-6, 1, 1e7}) {
            double[] numbers = IntStream.range(0, 20_001)
                    .mapToDouble(i -> scale * (random.nextDouble(-1, 3) * random.nextDouble()))
                    .toArray();
            Distribution distribution = of(numbers);
            Arrays.sort(numbers);
            for (double share : SHARES) {
                double exact = numbers[(int) Math.ceil(share * numbers.length) - 1];
                assertThat(distribution.quantile(share))
                        .as("share %s at scale %s", share, scale)
                        .isCloseTo(exact, within(Math.abs(exact) * 0.0157 + 1e-9));
            }
        }
    }

    @Test
    void meanSpreadAndExtremesAreThoseOfTheNumbers() {
        Distribution distribution = of(-2, 0, 0.5, 3.5, Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(distribution.count()).isEqualTo(4);
        assertThat(distribution.notFiniteCount()).isEqualTo(2);
        assertThat(distribution.mean()).isEqualTo(0.5);
        assertThat(distribution.standardDeviation()).isCloseTo(Math.sqrt(15.5 / 4), within(1e-12));
        assertThat(distribution.minimum()).isEqualTo(-2);
        assertThat(distribution.maximum()).isEqualTo(3.5);
    }

    @Test
    void everyNumberLiesInItsBinAndBinsAscendWithoutOverlap() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 2_000; i++) {
            double number = (random.nextBoolean() ? 1 : -1) * Math.pow(2, random.nextDouble(-35, 45));
            Distribution.Bin bin = of(number).bins().get(0);
            assertThat(number).isBetween(bin.low(), bin.high());
            boolean isNarrow = Math.abs(number) < 0x1p-30
                    || Math.abs(number) >= 0x1p40
                    || bin.high() - bin.low() <= Math.abs(number) / 32 + 1e-300;
            assertThat(isNarrow).as("%s in %s", number, bin).isTrue();
        }
        List<Distribution.Bin> bins = of(IntStream.range(-500, 500)
                        .mapToDouble(i -> i / 7.0)
                        .toArray())
                .bins();
        for (int i = 1; i < bins.size(); i++) {
            assertThat(bins.get(i).low()).isGreaterThanOrEqualTo(bins.get(i - 1).high());
        }
    }

    @Test
    void oneNumberIsItsOwnQuantileAndNoneHaveNone() {
        assertThat(of(0.73).quantile(0.5)).isEqualTo(0.73);
        assertThat(of().quantile(0.5)).isNaN();
        assertThat(of().bins()).isEmpty();
    }

    @Test
    void losesNothingUnderManyThreads() throws InterruptedException {
        Histogram histogram = new Histogram();
        CountDownLatch done = new CountDownLatch(8);
        for (int thread = 0; thread < 8; thread++) {
            long seed = thread;
            new Thread(() -> {
                        SplittableRandom random = new SplittableRandom(seed);
                        for (int i = 0; i < 20_000; i++) {
                            histogram.add(random.nextDouble());
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        assertThat(histogram.distribution().count()).isEqualTo(160_000);
        assertThat(histogram.distribution().mean()).isCloseTo(0.5, within(0.01));
    }

    private static Distribution of(double... numbers) {
        Histogram histogram = new Histogram();
        Arrays.stream(numbers).forEach(histogram::add);
        return histogram.distribution();
    }
}
