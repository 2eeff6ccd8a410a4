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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the text of a value is read. Texts are given without white space around them. */
public final class TypedText {
    /** What reads as an instant, for messages. Days and months in numbers with slashes are read either way round, so neither is taken. */
    public static final String TIME_EXPECTED =
            "a date such as 2024-05-31, 31.05.2024 or 20240531, a date-time such as 2024-05-31T17:05:00Z or 2024-05-31 17:05:00 (UTC"
                    + " without an offset), or milliseconds since 1970 in 13 digits";

    private static final int DATE_LENGTH = 10;
    private static final Pattern DOTTED = Pattern.compile("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})");
    private static final Pattern COMPACT = Pattern.compile("(\\d{4})(\\d{2})(\\d{2})");
    private static final Pattern MILLIS = Pattern.compile("[1-9]\\d{12}");
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
     * @param type any type but TEXT and NUMBERS
     */
    public static double parse(ValueType type, String text) throws UnreadableText {
        return switch (type) {
            case NUMBER -> number(text);
            case BOOLEAN -> truth(text);
            case TIMESTAMP -> (double) millis(text);
            case TEXT, NUMBERS, UNSPECIFIED -> throw new IllegalStateException("no number stands for " + type);
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

    /** Returns milliseconds since the epoch of what {@link #TIME_EXPECTED} names; UTC by default. */
    public static long millis(String text) throws UnreadableText {
        try {
            Matcher dotted = DOTTED.matcher(text);
            if (dotted.matches()) {
                return startOf(dotted.group(3), dotted.group(2), dotted.group(1));
            }
            Matcher compact = COMPACT.matcher(text);
            if (compact.matches()) {
                return startOf(compact.group(1), compact.group(2), compact.group(3));
            }
            if (MILLIS.matcher(text).matches()) {
                return Long.parseLong(text);
            }
            if (text.length() == DATE_LENGTH) {
                return startOf(LocalDate.parse(text));
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
            throw new UnreadableText("NOT_A_TIMESTAMP", TIME_EXPECTED);
        }
    }

    private static long startOf(String year, String month, String day) {
        return startOf(LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day)));
    }

    private static long startOf(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
