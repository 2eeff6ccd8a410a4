package io.foresell.training.dataset;

/**
 * One division of the rows.
 *
 * @param training what is fitted on
 * @param heldOut what is judged on, disjoint from it
 */
public record Fold(TrainingFold training, HeldOutRows heldOut) {}
