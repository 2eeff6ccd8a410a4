package io.foresell.training.rollout.sequential;

import java.util.List;

/**
 * Tests hypotheses about the mean of the candidate less that of the champion by betting: evidence is the wealth of a gambler who starts
 * with 1 and, before each block, bets on what the blocks before it suggest, at odds that are fair or worse under every pair of means of the
 * hypothesis. Wealth that ever reaches 1 / alpha has probability at most alpha (Ville), however often one looks and whenever one stops.
 *
 * <p>The bet on a block is the likelihood ratio of the estimated means against the pair of the hypothesis nearest to them, nearest by the
 * Kullback-Leibler divergence of the block (Turner and Grünwald, Exact anytime-valid confidence intervals for contingency tables and beyond,
 * 2023). It is exact: with means (c, b) of a convex hypothesis and (c°, b°) nearest, the expected logarithm of the factors is at most the
 * directional derivative of the divergence, which is not positive at its minimum. Two things follow from the factors being linear in the
 * outcome: outcomes need no common distribution, only such means given the past, which may move from block to block as long as the
 * difference obeys the hypothesis; and for outcomes between 0 and 1 the sum may take the place of successes, at the price of power where they
 * vary less than a coin.
 */
public final class DifferenceTest {
    private static final double PRIOR = 0.5; // Krichevsky and Trofimov: half an outcome of either kind
    private static final int STEPS = 60;

    private final List<OutcomeBlock> blocks;

    /** Looks at closed blocks in their order. */
    public DifferenceTest(OutcomeBlocks outcomes) {
        this.blocks = outcomes.closed();
    }

    /** Returns the greatest evidence so far, as a logarithm, 0 or more, against a difference of at most {@code limit}. */
    public double logEvidenceAbove(double limit) {
        return greatest(limit, true);
    }

    /** Returns the greatest evidence so far, as a logarithm, 0 or more, against a difference of at least {@code limit}. */
    public double logEvidenceBelow(double limit) {
        return greatest(limit, false);
    }

    /** Returns bounds of the difference, in [-1, 1], that hold at every look with probability at least 1 - alpha. */
    public DifferenceBounds bounds(double alpha) {
        double needed = Math.log(2 / alpha);
        double low = -1;
        double high = 1;
        double rejected = -1;
        double kept = 1;
        for (int step = 0; step < STEPS / 2; step++) {
            double middle = (rejected + kept) / 2;
            if (logEvidenceAbove(middle) >= needed) {
                rejected = middle;
                low = middle;
            } else {
                kept = middle;
            }
        }
        rejected = 1;
        kept = -1;
        for (int step = 0; step < STEPS / 2; step++) {
            double middle = (rejected + kept) / 2;
            if (logEvidenceBelow(middle) >= needed) {
                rejected = middle;
                high = middle;
            } else {
                kept = middle;
            }
        }
        return new DifferenceBounds(low, high);
    }

    private double greatest(double limit, boolean isAbove) {
        double wealth = 0;
        double greatest = 0;
        OutcomeBlock before = OutcomeBlock.NONE;
        for (OutcomeBlock block : blocks) {
            wealth += logFactor(block, before, limit, isAbove);
            greatest = Math.max(greatest, wealth);
            before = before.plus(block);
        }
        return greatest;
    }

    /** Returns the logarithm of what the bet on a block pays. */
    static double logFactor(OutcomeBlock block, OutcomeBlock before, double limit, boolean isAbove) {
        double candidate = estimate(before.candidateCount(), before.candidateSum());
        double champion = estimate(before.championCount(), before.championSum());
        boolean isWithin = isAbove ? candidate - champion <= limit : candidate - champion >= limit;
        if (isWithin || Math.abs(limit) >= 1) {
            return 0; // the estimates agree with the hypothesis: nothing to bet on
        }
        double nearest = nearestChampion(candidate, champion, block, limit);
        return pay(block.candidateCount(), block.candidateSum(), candidate, nearest + limit)
                + pay(block.championCount(), block.championSum(), champion, nearest);
    }

    private static double estimate(long count, double sum) {
        return (sum + PRIOR) / (count + 2 * PRIOR);
    }

    private static double pay(long count, double sum, double estimate, double hypothesis) {
        return count == 0 // then the hypothesis may lie at 0 or 1
                ? 0
                : sum * Math.log(estimate / hypothesis) + (count - sum) * Math.log((1 - estimate) / (1 - hypothesis));
    }

    /** Finds the mean b of the champion where the divergence of (b + limit, b) from the estimates is least: its slope is rising. */
    private static double nearestChampion(double candidate, double champion, OutcomeBlock block, double limit) {
        double low = Math.max(0, -limit);
        double high = Math.min(1, 1 - limit);
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            double slope = block.candidateCount() * slope(candidate, middle + limit)
                    + block.championCount() * slope(champion, middle);
            if (slope < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    private static double slope(double estimate, double hypothesis) {
        return (hypothesis - estimate) / (hypothesis * (1 - hypothesis));
    }
}
