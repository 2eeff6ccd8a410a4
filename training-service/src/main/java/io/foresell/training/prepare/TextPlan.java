package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;

/**
 * What becomes of a text.
 *
 * @param rule how it becomes numbers
 * @param fillsWithMode whether a missing text counts as the most frequent one of the fold, the first of equals
 * @param indicatesMissing whether a column says that the text is missing
 */
public record TextPlan(TextRule rule, boolean fillsWithMode, boolean indicatesMissing) implements ColumnPlan {
    /** One column per category. */
    public static final TextPlan FAMILY = new TextPlan(TextRule.OneHot.ALL, false, false);

    @Override
    public boolean suits(InputField field) {
        return field.kind() == InputKind.TEXT;
    }

    @Override
    public String suited() {
        return "a text";
    }
}
