package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/**
 * What acting or not acting on a row is worth, per row in one currency; costs are 0 or more.
 *
 * @param falsePositiveCost of acting on a negative
 * @param falseNegativeCost of not acting on a positive
 * @param truePositiveBenefit of acting on a positive, its cost already taken off
 * @param trueNegativeBenefit of leaving a negative alone
 * @param currency for people, may be empty
 */
public record Payoff(
        double falsePositiveCost,
        double falseNegativeCost,
        double truePositiveBenefit,
        double trueNegativeBenefit,
        String currency) {
    private static final double GREATEST = 1e12;

    public Payoff {
        requireAmount("false_positive_cost", falsePositiveCost);
        requireAmount("false_negative_cost", falseNegativeCost);
        requireAmount("true_positive_benefit", truePositiveBenefit);
        requireAmount("true_negative_benefit", trueNegativeBenefit);
        if (falseNegativeCost + truePositiveBenefit == 0 || falsePositiveCost + trueNegativeBenefit == 0) {
            throw new ServiceException(Failure.invalid(
                    "COSTS_INVALID",
                    "costs",
                    "acting is never, or always, worth it",
                    "a cost or benefit above 0 for positives and for negatives"));
        }
    }

    private static void requireAmount(String name, double value) {
        if (!(value >= 0 && value <= GREATEST)) {
            throw new ServiceException(Failure.invalid("COSTS_INVALID", "costs." + name, value, "0.." + GREATEST));
        }
    }

    /** Returns the probability from which acting is worth it, for answers that mean what they say. */
    public double threshold() {
        double ofNegative = falsePositiveCost + trueNegativeBenefit;
        return ofNegative / (ofNegative + falseNegativeCost + truePositiveBenefit);
    }

    /** Returns what one row brings. */
    double of(boolean isActedOn, boolean isPositive) {
        if (isActedOn) {
            return isPositive ? truePositiveBenefit : -falsePositiveCost;
        }
        return isPositive ? -falseNegativeCost : trueNegativeBenefit;
    }
}
