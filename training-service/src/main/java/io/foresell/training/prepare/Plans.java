package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/** Checks the parts of a plan. */
final class Plans {
    private Plans() {}

    /** Requires {@code least <= value <= greatest}. */
    static void require(String field, double value, double least, double greatest) {
        if (!(value >= least && value <= greatest)) {
            throw refused(field, shown(value), shown(least) + ".." + shown(greatest));
        }
    }

    static ServiceException refused(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("PREPARE_INVALID", field, value, expected));
    }

    private static Number shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return (long) value;
        }
        return value;
    }
}
