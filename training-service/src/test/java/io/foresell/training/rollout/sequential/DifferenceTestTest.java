package io.foresell.training.rollout.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The claim "at most alpha, however often one looks": by every outcome there is, then by simulation; and that it finds what is there. */
final class DifferenceTestTest {
    private static final double ALPHA = 0.05;
    private static final double NEEDED = Math.log(1 / ALPHA);

    /** Every outcome of two blocks, the bet on the second depending on the first; outcomes of 0, 1 and of a half. */
    @ParameterizedTest
    @ValueSource(doubles = {-0.3, -0.05, 0, 0.1, 0.4})
    void noPairOfMeansOfTheHypothesisMakesMoneyOfIt(double limit) {
        for (double[] values : new double[][] {{0, 1}, {0, 0.5, 1}}) {
            for (double champion = 0.05; champion < 1; champion += 0.15) {
                for (double gap : new double[] {0, 0.07, 0.3}) {
                    double above = champion + limit - gap;
                    double below = champion + limit + gap;
                    if (above > 0 && above < 1) {
                        assertThat(expectedWealth(values, above, champion, limit, true))
                                .as("difference %s against at most %s", above - champion, limit)
                                .isLessThanOrEqualTo(1 + 1e-9);
                    }
                    if (below > 0 && below < 1) {
                        assertThat(expectedWealth(values, below, champion, limit, false))
                                .isLessThanOrEqualTo(1 + 1e-9);
                    }
                }
            }
        }
    }

    private static double expectedWealth(
            double[] values, double candidate, double champion, double limit, boolean isAbove) {
        double expected = 0;
        for (Weighted first : outcomes(values, 2, candidate, 3, champion)) {
            double wealth = Math.exp(DifferenceTest.logFactor(first.block(), OutcomeBlock.NONE, limit, isAbove));
            double later = 0;
            for (Weighted second : outcomes(values, 1, candidate, 2, champion)) {
                later += second.probability()
                        * Math.exp(DifferenceTest.logFactor(second.block(), first.block(), limit, isAbove));
            }
            expected += first.probability() * wealth * later;
        }
        return expected;
    }

    private record Weighted(OutcomeBlock block, double probability) {}

    /** Lists all outcomes; a value of a half has half of what is left of the variance of a coin. */
    private static java.util.List<Weighted> outcomes(
            double[] values, int candidates, double candidate, int champions, double champion) {
        java.util.List<Weighted> all = new java.util.ArrayList<>();
        int total = (int) Math.pow(values.length, candidates + champions);
        for (int code = 0; code < total; code++) {
            double probability = 1;
            double[] sums = new double[2];
            int rest = code;
            for (int i = 0; i < candidates + champions; i++) {
                double value = values[rest % values.length];
                rest /= values.length;
                double mean = i < candidates ? candidate : champion;
                probability *= probabilityOf(value, mean, values.length);
                sums[i < candidates ? 0 : 1] += value;
            }
            all.add(new Weighted(new OutcomeBlock(candidates, sums[0], champions, sums[1]), probability));
        }
        return all;
    }

    private static double probabilityOf(double value, double mean, int valueCount) {
        double middle = valueCount == 3 ? Math.min(mean, 1 - mean) : 0; // its mean is a half
        if (value == 0.5) {
            return middle;
        }
        return value == 1 ? mean - middle / 2 : 1 - mean - middle / 2;
    }

    /** The nearest pair is found by trying a thousand. */
    @Test
    void theBetIsAgainstTheNearestPairOfTheHypothesis() {
        OutcomeBlock before = new OutcomeBlock(40, 12, 90, 10);
        OutcomeBlock block = new OutcomeBlock(7, 3, 15, 2);
        double limit = 0.05;
        double candidate = 12.5 / 41;
        double champion = 10.5 / 91;
        double least = Double.POSITIVE_INFINITY;
        double nearest = 0;
        for (double b = 1e-4; b < 1 - limit; b += 1e-4) {
            double divergence = 7 * divergence(candidate, b + limit) + 15 * divergence(champion, b);
            if (divergence < least) {
                least = divergence;
                nearest = b;
            }
        }
        double expected = 3 * Math.log(candidate / (nearest + limit))
                + 4 * Math.log((1 - candidate) / (1 - nearest - limit))
                + 2 * Math.log(champion / nearest)
                + 13 * Math.log((1 - champion) / (1 - nearest));
        assertThat(DifferenceTest.logFactor(block, before, limit, true)).isCloseTo(expected, within(1e-3));
        assertThat(DifferenceTest.logFactor(block, before, limit, false)).isZero();
    }

    private static double divergence(double p, double q) {
        return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    }

    /** Looks after every seven outcomes; the common rate moves through the day; a small canary and an even split. */
    @ParameterizedTest
    @CsvSource({"0.02, 0.05, 1", "0.1, 0.5, 2", "0.5, 0.2, 3"})
    void withoutADifferenceFalseAlarmsStayBelowAlpha(double rate, double share, long seed) {
        Random random = new Random(seed);
        int runs = 400;
        int above = 0;
        int below = 0;
        int outside = 0;
        for (int run = 0; run < runs; run++) {
            OutcomeBlocks blocks = simulate(random, 3_000, share, rate, rate, 0.5);
            DifferenceTest test = new DifferenceTest(blocks);
            above += test.logEvidenceAbove(0) >= NEEDED ? 1 : 0;
            below += test.logEvidenceBelow(0) >= NEEDED ? 1 : 0;
            DifferenceBounds bounds = test.bounds(ALPHA);
            outside += bounds.low() > 0 || bounds.high() < 0 ? 1 : 0;
        }
        assertThat(above).as("candidate said to be better").isLessThanOrEqualTo((int) (ALPHA * runs));
        assertThat(below).as("candidate said to be worse").isLessThanOrEqualTo((int) (ALPHA * runs));
        assertThat(outside).as("bounds without the truth").isLessThanOrEqualTo((int) (ALPHA * runs));
    }

    /** What the test is for: a naive test that is looked at as often would cry wolf. */
    @Test
    void aFixedSampleTestLookedAtAsOftenWouldNotHold() {
        Random random = new Random(4);
        int alarms = 0;
        for (int run = 0; run < 200; run++) {
            OutcomeBlock total = OutcomeBlock.NONE;
            boolean isAlarm = false;
            for (int look = 0; look < 400; look++) {
                total = total.plus(draw(random, 7, 0.5, 0.3, 0.3));
                isAlarm |= total.candidateCount() > 30 && Math.abs(z(total)) > 1.96;
            }
            alarms += isAlarm ? 1 : 0;
        }
        assertThat(alarms / 200.0).isGreaterThan(0.25);
    }

    private static double z(OutcomeBlock total) {
        double a = total.candidateSum() / total.candidateCount();
        double b = total.championSum() / total.championCount();
        double pooled = (total.candidateSum() + total.championSum()) / total.count();
        return (a - b)
                / Math.sqrt(pooled * (1 - pooled) * (1.0 / total.candidateCount() + 1.0 / total.championCount()));
    }

    @Test
    void aPlantedDifferenceIsFound() {
        Random random = new Random(5);
        int worse = 0;
        int notWorse = 0;
        int runs = 100;
        for (int run = 0; run < runs; run++) {
            worse += new DifferenceTest(simulate(random, 8_000, 0.5, 0.07, 0.10, 0)).logEvidenceBelow(0) >= NEEDED
                    ? 1
                    : 0;
            notWorse +=
                    new DifferenceTest(simulate(random, 12_000, 0.5, 0.10, 0.10, 0)).logEvidenceAbove(-0.03) >= NEEDED
                            ? 1
                            : 0;
        }
        assertThat(worse).as("7 %% against 10 %%, 8,000 outcomes").isGreaterThanOrEqualTo(90);
        assertThat(notWorse).as("not worse by 3 points, 12,000 outcomes").isGreaterThanOrEqualTo(90);
    }

    @Test
    void boundsHoldTheDifferenceAndCloseIn() {
        Random random = new Random(6);
        DifferenceBounds few = new DifferenceTest(simulate(random, 500, 0.5, 0.4, 0.3, 0)).bounds(ALPHA);
        DifferenceBounds many = new DifferenceTest(simulate(random, 40_000, 0.5, 0.4, 0.3, 0)).bounds(ALPHA);
        assertThat(few.low()).isLessThan(0.1);
        assertThat(few.high()).isGreaterThan(0.1);
        assertThat(many.low()).isBetween(0.06, 0.1);
        assertThat(many.high()).isBetween(0.1, 0.14);
        assertThat(new DifferenceTest(OutcomeBlocks.NONE).bounds(ALPHA)).isEqualTo(new DifferenceBounds(-1, 1));
    }

    @Test
    void blocksGrowSlowlyAndLoseNothing() {
        OutcomeBlocks blocks = simulate(new Random(7), 200_000, 0.3, 0.1, 0.1, 0);
        assertThat(blocks.total().count()).isGreaterThanOrEqualTo(200_000);
        assertThat(blocks.closed()).hasSizeLessThan(250);
        assertThat(blocks.closed()).allMatch(block -> block.count() >= OutcomeBlocks.LEAST);
    }

    private static OutcomeBlocks simulate(
            Random random, int outcomes, double share, double candidate, double champion, double wave) {
        OutcomeBlocks blocks = OutcomeBlocks.NONE;
        for (int seen = 0; seen < outcomes; seen += 7) {
            double factor = 1 + wave * Math.sin(seen / 200.0);
            blocks = blocks.plus(draw(random, 7, share, candidate * factor, champion * factor));
        }
        return blocks;
    }

    private static OutcomeBlock draw(Random random, int count, double share, double candidate, double champion) {
        int[] counts = new int[2];
        int[] sums = new int[2];
        for (int i = 0; i < count; i++) {
            int arm = random.nextDouble() < share ? 0 : 1;
            counts[arm]++;
            sums[arm] += random.nextDouble() < (arm == 0 ? candidate : champion) ? 1 : 0;
        }
        return new OutcomeBlock(counts[0], sums[0], counts[1], sums[1]);
    }
}
