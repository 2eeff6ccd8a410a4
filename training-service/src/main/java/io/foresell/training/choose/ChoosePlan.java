package io.foresell.training.choose;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says how long to look for a model, and where not.
 *
 * @param seconds from the moment rows have been read, 1 to 604,800
 * @param isDefaultsOnly whether parameters are not searched
 * @param leftOut names of families that are not tried
 */
public record ChoosePlan(double seconds, boolean isDefaultsOnly, Set<String> leftOut) {
    /** The time of a spec that does not say. */
    public static final double USUAL_SECONDS = 300;

    private static final double MOST_SECONDS = 604_800;

    public ChoosePlan {
        leftOut = Set.copyOf(leftOut);
        if (!(seconds >= 1 && seconds <= MOST_SECONDS)) {
            throw new ServiceException(Failure.invalid("BUDGET_INVALID", "budget.seconds", seconds, "1..604800"));
        }
        for (String name : new TreeSet<>(leftOut)) {
            if (!Families.OPTIONAL.contains(name)) {
                throw new ServiceException(Failure.invalid(
                        "FAMILY_UNKNOWN", "choose.leave_out", name, String.join(", ", Families.OPTIONAL)));
            }
        }
    }
}
