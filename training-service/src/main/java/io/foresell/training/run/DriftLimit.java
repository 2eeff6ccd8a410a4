package io.foresell.training.run;

/**
 * How far the newest rows may be from those that a model was trained on.
 *
 * @param maxPsi greatest population stability index of any input, above 0
 * @param maxBaseRateChange greatest change of the mean label, above 0; of values in standard deviations
 * @param referenceUntilMillis rows before this instant were the model's
 */
public record DriftLimit(double maxPsi, double maxBaseRateChange, long referenceUntilMillis) {}
