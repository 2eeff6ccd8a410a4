package io.foresell.training.prepare;

import io.foresell.model.InputField;

/** No model reads the feature, and no caller has to send it. */
public record LeftOut() implements ColumnPlan {
    @Override
    public boolean suits(InputField field) {
        return true;
    }

    @Override
    public String suited() {
        return "a feature";
    }
}
