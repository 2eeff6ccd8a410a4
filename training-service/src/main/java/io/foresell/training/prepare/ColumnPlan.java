package io.foresell.training.prepare;

import io.foresell.model.InputField;

/** What becomes of a feature. */
public sealed interface ColumnPlan permits NumberPlan, DatePlan, SequencePlan, TextPlan, LeftOut {
    /** Returns whether the plan is one for features of this kind and width. */
    boolean suits(InputField field);

    /** Returns the kind of features it suits, for messages, e.g. "a number". */
    String suited();
}
