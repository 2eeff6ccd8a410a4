package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Instants and spans of time as people write them. */
final class Instants {
    private Instants() {}

    /**
     * Returns the instant of a text such as 2024-06-01 (its first moment, UTC) or 2024-06-01T12:00:00Z, milliseconds since the epoch; 0 for
     * an empty one.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field
     */
    static long millis(String field, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                            .toEpochMilli()
                    : Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new ServiceException(
                    Failure.invalid("TIME_INVALID", field, text, "such as 2024-06-01 or 2024-06-01T12:00:00Z"), e);
        }
    }

    /**
     * Returns the span of a text such as 30d, 12h or 15m.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the field
     */
    static Duration span(String field, String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        try {
            Duration span = Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
            if (span.isNegative() || span.isZero()) {
                throw wrongSpan(field, text, null);
            }
            return span;
        } catch (DateTimeParseException e) {
            throw wrongSpan(field, text, e);
        }
    }

    private static ServiceException wrongSpan(
            String field, String text, @org.jspecify.annotations.Nullable Throwable cause) {
        return new ServiceException(
                Failure.invalid("TIME_INVALID", field, text, "a span above 0 such as 30d, 12h or 15m"), cause);
    }
}
