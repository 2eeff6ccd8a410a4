package io.foresell.training.rollout.sequential;

import org.hipparchus.special.Beta;

/**
 * Bounds on the mean of outcomes in [0, 1], all at once for every number of outcomes: with probability at least 1 - alpha the mean lies
 * within them at each of infinitely many looks.
 *
 * <p>They are the means p that the martingale of a Beta(1/2, 1/2) mixture does not reject,
 * {@code B(1/2 + s, 1/2 + n - s) / B(1/2, 1/2) / (p^s (1 - p)^(n - s)) < 1 / alpha} (Robbins, Statistical methods related to the law of the
 * iterated logarithm, 1970; Ville's inequality). For outcomes between 0 and 1 the sum takes the place of the successes: {@code exp} is
 * convex, so each factor is at most what it is for a coin of the same mean.
 *
 * @param low the lower bound, in [0, 1]
 * @param high the upper bound, in [low, 1]
 */
public record MeanBounds(double low, double high) {
    private static final double PRIOR = 0.5;
    private static final double LOG_PRIOR = Beta.logBeta(PRIOR, PRIOR);
    private static final int STEPS = 60;

    /** Nothing is known. */
    public static final MeanBounds ANY = new MeanBounds(0, 1);

    /**
     * Returns the bounds after some outcomes.
     *
     * @param count how many outcomes, 0 or more
     * @param sum what they add up to, in [0, count]
     * @param alpha how often the mean may ever be outside, in (0, 1)
     */
    public static MeanBounds of(double count, double sum, double alpha) {
        if (!(sum >= 0 && sum <= count)) {
            throw new IllegalArgumentException("sum: %s (expected: 0..%s)".formatted(sum, count));
        }
        if (count == 0) {
            return ANY;
        }
        double mean = sum / count;
        return new MeanBounds(
                isRejected(count, sum, 0, alpha) ? edge(count, sum, 0, mean, alpha) : 0,
                isRejected(count, sum, 1, alpha) ? edge(count, sum, 1, mean, alpha) : 1);
    }

    /** Returns the bounds of a share after some outcomes that are 0 or 1. */
    public static MeanBounds of(long count, long ones, double alpha) {
        return of((double) count, (double) ones, alpha);
    }

    /** Says whether the outcomes speak against a mean so much that they would do so with probability at most alpha if it were true. */
    static boolean isRejected(double count, double sum, double mean, double alpha) {
        return logEvidence(count, sum, mean) >= -Math.log(alpha);
    }

    /** Returns the logarithm of the mixture martingale; infinite where the outcomes are impossible. */
    static double logEvidence(double count, double sum, double mean) {
        return Beta.logBeta(PRIOR + sum, PRIOR + count - sum)
                - LOG_PRIOR
                - term(sum, mean)
                - term(count - sum, 1 - mean);
    }

    private static double term(double count, double probability) {
        return count == 0 ? 0 : count * Math.log(probability);
    }

    /** The evidence falls from either end to the mean. */
    private static double edge(double count, double sum, double rejected, double kept, double alpha) {
        double outside = rejected;
        double inside = kept;
        for (int step = 0; step < STEPS; step++) {
            double middle = (outside + inside) / 2;
            if (isRejected(count, sum, middle, alpha)) {
                outside = middle;
            } else {
                inside = middle;
            }
        }
        return outside;
    }
}
