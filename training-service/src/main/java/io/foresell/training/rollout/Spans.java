package io.foresell.training.rollout;

import java.time.Duration;

/** Lengths of time as people read them. */
final class Spans {
    private Spans() {}

    /** Returns at most two units: "2 d 3 h", "5 min 10 s", "12 s". */
    static String text(Duration span) {
        if (span.toDays() > 0) {
            return two(span.toDays(), "d", span.toHoursPart(), "h");
        }
        if (span.toHours() > 0) {
            return two(span.toHours(), "h", span.toMinutesPart(), "min");
        }
        return span.toMinutes() > 0
                ? two(span.toMinutes(), "min", span.toSecondsPart(), "s")
                : Math.max(0, span.toSeconds()) + " s";
    }

    private static String two(long first, String unit, int second, String smaller) {
        return second == 0 ? "%d %s".formatted(first, unit) : "%d %s %d %s".formatted(first, unit, second, smaller);
    }
}
