package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * When models of classes answer that a row belongs to none: when the greatest probability lies below a threshold.
 *
 * @param below the threshold, above 0, at most 1; empty to fit it by the share
 * @param share share of rows like the training rows that may be refused, above 0, at most 0.5
 * @param foldCount parts of the training rows by which a threshold is fitted, 2 to 20
 * @param unknown classes that stand for none: never fitted on, and judged by whether their rows are refused
 */
public record RefusalPlan(OptionalDouble below, double share, int foldCount, Set<String> unknown) {
    /** Is the share of a spec that says nothing. */
    public static final double USUAL_SHARE = 0.05;

    private static final double GREATEST_SHARE = 0.5;
    private static final int MAX_UNKNOWN = 500;

    public RefusalPlan {
        unknown = Set.copyOf(unknown);
        if (below.isPresent() && !(below.getAsDouble() > 0 && below.getAsDouble() <= 1)) {
            throw new ServiceException(
                    Failure.invalid("REFUSAL_INVALID", "below", below.getAsDouble(), "above 0, at most 1"));
        }
        if (!(share > 0 && share <= GREATEST_SHARE)) {
            throw new ServiceException(
                    Failure.invalid("REFUSAL_INVALID", "share", share, "above 0, at most " + GREATEST_SHARE));
        }
        if (foldCount < 2 || foldCount > 20) {
            throw new ServiceException(Failure.invalid("REFUSAL_INVALID", "folds", foldCount, "2..20"));
        }
        if (unknown.size() > MAX_UNKNOWN) {
            throw new ServiceException(Failure.invalid(
                    "REFUSAL_INVALID", "unknown", unknown.size() + " classes", "at most " + MAX_UNKNOWN));
        }
    }

    /** Refuses a share of known rows, and knows of no class that stands for none. */
    public static RefusalPlan ofShare(double share) {
        return new RefusalPlan(OptionalDouble.empty(), share, 5, Set.of());
    }

    String asText() {
        String rule = below.isPresent()
                ? String.format(Locale.ROOT, "below=%s", below.getAsDouble())
                : String.format(Locale.ROOT, "share=%s, folds=%d", share, foldCount);
        return unknown.isEmpty() ? rule : rule + ", unknown=" + new TreeSet<>(unknown);
    }
}
