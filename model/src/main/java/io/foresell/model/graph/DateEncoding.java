package io.foresell.model.graph;

import io.foresell.model.InputField;
import java.util.Set;

/**
 * A number that is a time becomes a part of it, in UTC by the Gregorian calendar. A missing time is zeros. Times up to six minutes
 * before a day or an hour count as it: a float knows milliseconds since 1970 to two to four minutes.
 *
 * @param unitsPerDay 86400000 where the number is milliseconds since 1970, 86400 for seconds, 24 for hours, 1 for days
 * @param isOneHot whether there is a column per value, 1 in the time's own; else one column, 1 for the first, 2 for the second,
 *     ...
 */
public record DateEncoding(String input, DatePart part, float unitsPerDay, boolean isOneHot) implements InputEncoding {
    private static final Set<Float> UNITS = Set.of(86_400_000f, 86_400f, 24f, 1f);

    public DateEncoding {
        if (!UNITS.contains(unitsPerDay)) {
            throw new IllegalArgumentException(
                    "units of a day of %s: %s (expected: one of %s)".formatted(input, unitsPerDay, UNITS));
        }
    }

    @Override
    public InputField field() {
        return InputField.number(input);
    }
}
