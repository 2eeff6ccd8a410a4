package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a number: filled, kept within bounds, compressed, scaled, or cut into bins.
 *
 * @param indicatesMissing whether a column says that the number is missing
 * @param isLogarithmic whether x becomes {@code sign(x) * ln(1 + |x|)} before it is scaled
 * @param bins replaces the number by its bins
 */
public record NumberPlan(
        Fill fill,
        boolean indicatesMissing,
        @Nullable Outliers outliers,
        boolean isLogarithmic,
        Scale scale,
        @Nullable Bins bins)
        implements ColumnPlan {
    /** Leaves everything to the family. */
    public static final NumberPlan FAMILY = new NumberPlan(Fill.FAMILY, false, null, false, Scale.FAMILY, null);

    @Override
    public boolean suits(InputField field) {
        return field.kind() == InputKind.NUMBER && field.width() == 1;
    }

    @Override
    public String suited() {
        return "a number";
    }
}
