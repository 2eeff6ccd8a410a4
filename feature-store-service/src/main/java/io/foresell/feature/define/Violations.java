package io.foresell.feature.define;

import io.foresell.kit.Failure;
import io.foresell.kit.Failure.FieldViolation;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.List;

/** Gathers every field at fault of one request. Not thread-safe. */
final class Violations {
    private final List<FieldViolation> invalid = new ArrayList<>();
    private final List<FieldViolation> missing = new ArrayList<>();

    /** Notes a field that the caller must fix. */
    void invalid(String field, Object value, String expected) {
        invalid.add(new FieldViolation(field, described(value, expected)));
    }

    void invalidUnless(boolean isValid, String field, Object value, String expected) {
        if (!isValid) {
            invalid(field, value, expected);
        }
    }

    /** Notes a field that refers to something the store does not have. */
    void missing(String field, Object value, String expected) {
        missing.add(new FieldViolation(field, described(value, expected)));
    }

    private static String described(Object value, String expected) {
        String shown = value instanceof CharSequence ? "'" + value + "'" : String.valueOf(value);
        return "%s (expected: %s)".formatted(shown.length() <= 120 ? shown : shown.substring(0, 117) + "...", expected);
    }

    /**
     * Ends the check.
     *
     * @throws ServiceException INVALID_ARGUMENT, or FAILED_PRECONDITION when only references are missing
     */
    void raise() {
        if (!invalid.isEmpty()) {
            throw new ServiceException(Failure.invalid("DEFINITION_INVALID", invalid));
        }
        if (!missing.isEmpty()) {
            Failure listed = Failure.invalid("REFERENCE_MISSING", missing);
            Failure failure = Failure.precondition("REFERENCE_MISSING", listed.message());
            for (FieldViolation violation : missing) {
                failure = failure.violating(violation.field(), violation.description());
            }
            throw new ServiceException(failure);
        }
    }
}
