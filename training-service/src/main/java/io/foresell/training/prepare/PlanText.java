package io.foresell.training.prepare;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in words what a plan asks for: the parts of a record that ask for something, by name. */
final class PlanText {
    private PlanText() {}

    /** Returns e.g. {@code fill median, logarithmic}; empty when everything is left to the family. */
    static String of(Object plan) {
        if (plan instanceof LeftOut) {
            return "left out";
        }
        if (plan.equals(TextRule.OneHot.ALL)) {
            return "";
        }
        if (plan instanceof Record) {
            List<String> parts = new ArrayList<>();
            if (plan instanceof TextRule) {
                parts.add(words(plan.getClass().getSimpleName().substring(0, 1).toLowerCase(Locale.ROOT)
                        + plan.getClass().getSimpleName().substring(1)));
            }
            for (RecordComponent component : plan.getClass().getRecordComponents()) {
                String part = part(words(component.getName()), value(component, plan));
                if (!part.isEmpty()) {
                    parts.add(part);
                }
            }
            return String.join(", ", parts);
        }
        if (plan instanceof Enum<?> choice) {
            return choice.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
        if (plan instanceof Collection<?> all) {
            return all.stream().map(PlanText::of).collect(Collectors.joining("; "));
        }
        return plan.toString();
    }

    private static String part(String name, @Nullable Object value) {
        if (value == null || isNothing(value)) {
            return "";
        }
        if (value instanceof Boolean isAsked) {
            return isAsked ? name : "";
        }
        String text = of(value);
        return text.isEmpty() || text.equals("family") ? "" : name.equals("rule") ? text : name + " " + text;
    }

    private static boolean isNothing(Object value) {
        return value instanceof Number number && (number.doubleValue() == 0 || Double.isNaN(number.doubleValue()));
    }

    private static @Nullable Object value(RecordComponent component, Object plan) {
        try {
            return component.getAccessor().invoke(plan);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** Makes {@code missing indicator} of missingIndicator, and {@code logarithmic} of isLogarithmic. */
    private static String words(String name) {
        String spaced = name.replaceAll("([a-z])([A-Z])", "$1 $2").toLowerCase(Locale.ROOT);
        return spaced.replaceFirst("^(is|has) ", "");
    }
}
