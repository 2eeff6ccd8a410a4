package io.foresell.feature.define;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** How the text of a value is read. Texts are given without white space around them. */
public final class TypedText {
    private static final int DATE_LENGTH = 10;
    private static final DateTimeFormatter DATE_TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .toFormatter(Locale.ROOT);

    private TypedText() {}

    /**
     * Returns the number that stands for the text: itself, 1 or 0 for a boolean, milliseconds since the epoch for a
     * timestamp.
     *
     * @param type any type but TEXT
     */
    public static double parse(ValueType type, String text) throws UnreadableText {
        return switch (type) {
            case NUMBER -> number(text);
            case BOOLEAN -> truth(text);
            case TIMESTAMP -> (double) millis(text);
            case TEXT, UNSPECIFIED -> throw new IllegalStateException("no number stands for " + type);
        };
    }

    private static double number(String text) throws UnreadableText {
        if (!isDecimal(text)) {
            throw new UnreadableText("NOT_A_NUMBER", "a decimal number such as 12.5 or 1e-3");
        }
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new UnreadableText("NOT_A_NUMBER", "a decimal number such as 12.5 or 1e-3");
        }
        if (Double.isInfinite(number)) {
            throw new UnreadableText("NOT_FINITE", "a number within +-1.8e308");
        }
        return number;
    }

    /** Keeps out what Java also takes for a number: hexadecimal, "NaN", "Infinity" and type suffixes. */
    private static boolean isDecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isAllowed = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
            if (!isAllowed) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static double truth(String text) throws UnreadableText {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "t", "y", "1" -> 1;
            case "false", "no", "f", "n", "0" -> 0;
            default -> throw new UnreadableText("NOT_A_BOOLEAN", "true/false, yes/no, t/f, y/n or 1/0");
        };
    }

    /** Returns milliseconds since the epoch of an ISO-8601 date or date-time, with a space or T between; UTC by default. */
    public static long millis(String text) throws UnreadableText {
        try {
            if (text.length() == DATE_LENGTH) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
            }
            String iso = text.length() > DATE_LENGTH && text.charAt(DATE_LENGTH) == ' '
                    ? text.substring(0, DATE_LENGTH) + 'T' + text.substring(DATE_LENGTH + 1)
                    : text;
            TemporalAccessor parsed = DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
            Instant instant = parsed instanceof OffsetDateTime withOffset
                    ? withOffset.toInstant()
                    : LocalDateTime.from(parsed).toInstant(ZoneOffset.UTC);
            return instant.toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw new UnreadableText(
                    "NOT_A_TIMESTAMP", "an ISO-8601 date or date-time such as 2024-05-31 or 2024-05-31 17:05:00");
        }
    }
}
