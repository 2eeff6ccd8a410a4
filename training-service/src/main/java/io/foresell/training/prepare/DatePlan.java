package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.graph.DatePart;
import java.util.List;
import java.util.Set;

/**
 * What becomes of a number that is a time: its parts in UTC, and how long before or after an instant it lies. A number of a feature is
 * a 32-bit float: milliseconds since 1970 are known to two to four minutes, and times up to six minutes before a day or an hour count as it.
 *
 * @param parts of day and year, each with columns of its own
 * @param millisPerUnit 1 for milliseconds since 1970, 1000 for seconds, 86400000 for days
 * @param ageSinceMillis where given, a column says how many days the time lies before this instant
 */
public record DatePlan(List<DatePart> parts, boolean isOneHot, double millisPerUnit, List<Long> ageSinceMillis)
        implements ColumnPlan {
    /** Numbers of milliseconds of a second, an hour and a day, with the millisecond itself. */
    private static final Set<Double> UNITS = Set.of(1d, 1000d, 3_600_000d, 86_400_000d);

    public DatePlan {
        parts = List.copyOf(parts);
        ageSinceMillis = List.copyOf(ageSinceMillis);
        if (parts.isEmpty() && ageSinceMillis.isEmpty()) {
            throw Plans.refused("parts", "none", "1 or more, or age_since");
        }
        if (parts.stream().distinct().count() < parts.size() || ageSinceMillis.size() > 1) {
            throw Plans.refused("parts", parts, "each once");
        }
        if (!UNITS.contains(millisPerUnit)) {
            throw Plans.refused("millis_per_unit", millisPerUnit, "1, 1000, 3600000 or 86400000");
        }
    }

    @Override
    public boolean suits(InputField field) {
        return field.kind() == InputKind.NUMBER && field.width() == 1;
    }

    @Override
    public String suited() {
        return "a number";
    }
}
