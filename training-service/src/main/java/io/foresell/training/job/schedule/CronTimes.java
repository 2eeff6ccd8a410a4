package io.foresell.training.job.schedule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;

/**
 * Five fields as in crontab(5), in UTC: minute, hour, day of month, month, day of week. As there, a day matches either day field when both
 * are restricted.
 */
public final class CronTimes implements Times {
    private static final int FIELDS = 5;
    private static final int MAX_DAYS = 366 * 8; // the 29th of February comes again within eight years

    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean isEitherDay;

    private CronTimes(String[] fields) {
        minutes = field("minute", fields[0], 0, 59);
        hours = field("hour", fields[1], 0, 23);
        days = field("day of month", fields[2], 1, 31);
        months = field("month", fields[3], 1, 12);
        weekdays = field("day of week", fields[4], 0, 6);
        isEitherDay = !fields[2].startsWith("*") && !fields[4].startsWith("*");
    }

    /**
     * Reads five fields.
     *
     * @throws IllegalArgumentException naming the field at fault with what is expected, or when no day ever matches
     */
    public static CronTimes parse(String text) {
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("'%s': %d fields (expected: minute hour day-of-month month day-of-week)"
                    .formatted(text, fields.length));
        }
        CronTimes times = new CronTimes(fields);
        times.after(Instant.EPOCH);
        return times;
    }

    private static BitSet field(String name, String text, int min, int max) {
        BitSet values = new BitSet(max + 1);
        for (String part : text.split(",", -1)) {
            String[] stepped = part.split("/", -1);
            String[] range = stepped[0].split("-", -1);
            boolean isAll = stepped[0].equals("*");
            int from = isAll ? min : number(name, range[0], min, max);
            int to = isAll || (range.length == 1 && stepped.length == 2)
                    ? max
                    : number(name, range[range.length - 1], min, max);
            int step = stepped.length == 2 ? number(name, stepped[1], 1, max) : 1;
            if (stepped.length > 2 || range.length > 2 || from > to) {
                throw wrong(name, part, min, max);
            }
            for (int value = from; value <= to; value += step) {
                values.set(value);
            }
        }
        return values;
    }

    private static int number(String name, String text, int min, int max) {
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, text, min, max);
        }
        throw wrong(name, text, min, max);
    }

    private static IllegalArgumentException wrong(String name, String text, int min, int max) {
        return new IllegalArgumentException("%s: '%s' (expected: *, a number in %d..%d, a list, a range or a step)"
                .formatted(name, text, min, max));
    }

    @Override
    public Instant after(Instant last) {
        ZonedDateTime time =
                last.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        for (int day = 0; day <= MAX_DAYS; day++) {
            if (matchesDay(time)) {
                for (int hour = hours.nextSetBit(time.getHour()); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
                    int minute = minutes.nextSetBit(hour == time.getHour() ? time.getMinute() : 0);
                    if (minute >= 0) {
                        return time.withHour(hour).withMinute(minute).toInstant();
                    }
                }
            }
            time = time.plusDays(1).truncatedTo(ChronoUnit.DAYS);
        }
        throw new IllegalArgumentException("day of month and month: no such day (expected: one that exists)");
    }

    private boolean matchesDay(ZonedDateTime time) {
        boolean isDay = days.get(time.getDayOfMonth());
        boolean isWeekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
        return months.get(time.getMonthValue()) && (isEitherDay ? isDay || isWeekday : isDay && isWeekday);
    }
}
