package io.foresell.feature.define;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One typed column of a view.
 *
 * @param min the least number allowed, or null for no bound
 * @param max the greatest number allowed, or null for no bound
 * @param categories the texts allowed; empty allows all
 * @param width how many numbers a NUMBERS column holds; 0 for others
 */
public record ColumnDefinition(
        String name,
        ValueType type,
        boolean isRequired,
        @Nullable Double min,
        @Nullable Double max,
        List<String> categories,
        CleaningRules cleaning,
        String description,
        int width) {
    public ColumnDefinition {
        categories = List.copyOf(categories);
    }

    /** A column without rules. */
    public static ColumnDefinition of(String name, ValueType type) {
        return new ColumnDefinition(name, type, false, null, null, List.of(), CleaningRules.NONE, "", 0);
    }

    ColumnDefinition withoutDescription() {
        return new ColumnDefinition(name, type, isRequired, min, max, categories, cleaning, "", width);
    }
}
