package io.foresell.training.evaluate;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/**
 * How many rows people can act on.
 *
 * @param count rows each time, 1 or more
 * @param population rows that are scored each time, at least {@code count}; 0 means as many as were judged
 */
public record Capacity(long count, long population) {
    public Capacity {
        if (count < 1) {
            throw new ServiceException(Failure.invalid("CAPACITY_INVALID", "capacity.count", count, "1 or more"));
        }
        if (population != 0 && population < count) {
            throw new ServiceException(Failure.invalid(
                    "CAPACITY_INVALID", "capacity.population", population, "0, or %d or more".formatted(count)));
        }
    }

    /** Returns the share of rows that can be acted on. */
    double share(long judgedRowCount) {
        return Math.min(1, count / (double) (population == 0 ? judgedRowCount : population));
    }
}
