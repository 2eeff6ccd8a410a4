package io.foresell.training.fit;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/** Checks the parameters of algorithms. */
public final class Ranges {
    private Ranges() {}

    /**
     * Requires {@code least <= value <= greatest}.
     *
     * @throws ServiceException INVALID_ARGUMENT naming parameter, value and range
     */
    public static void require(String name, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw new ServiceException(Failure.invalid(
                    "PARAMETER_OUT_OF_RANGE", name, shown(value), shown(least) + ".." + shown(greatest)));
        }
    }

    private static Number shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e7) {
            return (long) value;
        }
        return value;
    }
}
