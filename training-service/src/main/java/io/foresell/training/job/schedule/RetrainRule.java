package io.foresell.training.job.schedule;

/**
 * When a training is repeated.
 *
 * @param isOnDrift train only when the newest rows drifted
 * @param reference the alias or number of the version whose rows are compared; empty means the released or else the newest one
 */
public record RetrainRule(Times times, boolean isOnDrift, String reference) {}
