package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads fields of a spec and gathers every fault before refusing any. Not thread-safe. */
final class SpecCheck {
    private static final double ABOVE_ZERO = 1e-9;

    private final List<Failure.FieldViolation> violations = new ArrayList<>();

    void refuse(String field, Object value, String expected) {
        violations.add(new Failure.FieldViolation(field, "%s (expected: %s)".formatted(shown(value), expected)));
    }

    /** Takes over what someone else found at fault. */
    void refuse(String field, Failure.FieldViolation violation) {
        Failure.FieldViolation placed = new Failure.FieldViolation(field, violation.description());
        if (!violations.contains(placed)) {
            violations.add(placed);
        }
    }

    private static String shown(Object value) {
        String text = value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
        text = value instanceof String ? "'" + text + "'" : text;
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }

    String name(String field, String value) {
        if (!Names.isValid(value)) {
            refuse(field, value, Names.EXPECTED);
        }
        return value;
    }

    /** Reads a whole number whose 0 means {@code defaultValue}. */
    int count(String field, int value, int defaultValue, int min, int max) {
        if (value != 0 && (value < min || value > max)) {
            String zero = defaultValue == 0 ? "the default" : Integer.toString(defaultValue);
            refuse(field, value, "%d..%d, or 0 for %s".formatted(min, max, zero));
            return defaultValue;
        }
        return value == 0 ? defaultValue : value;
    }

    /** Reads a number; {@code isPresent} false means {@code defaultValue}. */
    double number(String field, boolean isPresent, double value, double defaultValue, double min, double max) {
        if (!isPresent) {
            return defaultValue;
        }
        if (!(value >= min && value <= max)) {
            refuse(
                    field,
                    Double.isFinite(value) ? BigDecimal.valueOf(value).stripTrailingZeros() : value,
                    range(min, max));
            return defaultValue;
        }
        return value;
    }

    /** Words a range for people; a bound next to 0 stands for "above 0". */
    private static String range(double min, double max) {
        return min > 0 && min <= ABOVE_ZERO ? "above 0, at most " + plain(max) : plain(min) + ".." + plain(max);
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** Reads an ISO-8601 instant or date (UTC) as milliseconds since the epoch; empty means 0. */
    long time(String field, String value) {
        if (value.isEmpty()) {
            return 0;
        }
        try {
            long millis = instant(value).toEpochMilli();
            if (millis > 0) {
                return millis;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            refuse(field, value, "an ISO-8601 instant such as 2024-01-31T00:00:00Z");
            return 0;
        }
        refuse(field, value, "an instant after 1970-01-01T00:00:00Z");
        return 0;
    }

    private static Instant instant(String value) {
        if (value.length() == 10) {
            return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return OffsetDateTime.parse(value).toInstant();
    }

    /** Reads what a domain type checks itself; null when it refused. */
    <T> @Nullable T checked(String field, Supplier<T> value) {
        try {
            return value.get();
        } catch (ServiceException e) {
            for (Failure.FieldViolation violation : e.failure().violations()) {
                violations.add(new Failure.FieldViolation(
                        field.isEmpty() ? violation.field() : field + "." + violation.field(),
                        violation.description()));
            }
            return null;
        }
    }

    /** Refuses the spec when anything was at fault. */
    void done() {
        if (!violations.isEmpty()) {
            throw new ServiceException(Failure.invalid("SPEC_INVALID", violations));
        }
    }
}
