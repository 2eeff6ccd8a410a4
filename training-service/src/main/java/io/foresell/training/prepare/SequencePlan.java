package io.foresell.training.prepare;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;

/**
 * What becomes of a sequence.
 *
 * @param gaps what a missing step becomes
 */
public record SequencePlan(Gaps gaps, boolean isLogarithmic, Scale scale) implements ColumnPlan {
    /** Leaves everything to the family. */
    public static final SequencePlan FAMILY = new SequencePlan(Gaps.FAMILY, false, Scale.FAMILY);

    /** Says what a missing step becomes. */
    public enum Gaps {
        /** Trees keep it missing, others take the mean. */
        FAMILY,
        /** The step before that has a value; steps before the first one as the family does. */
        LAST,
        /** On the straight line between its neighbours in the row; before the first and after the last value as these. */
        LINEAR
    }

    @Override
    public boolean suits(InputField field) {
        return field.kind() == InputKind.NUMBER && field.width() > 1;
    }

    @Override
    public String suited() {
        return "a sequence";
    }
}
