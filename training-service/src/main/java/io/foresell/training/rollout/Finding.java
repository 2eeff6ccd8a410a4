package io.foresell.training.rollout;

/**
 * One thing found about a plan.
 *
 * @param isBlocking whether the rollout cannot begin
 * @param check what was looked at
 * @param sentence what was found
 */
public record Finding(boolean isBlocking, String check, String sentence) {}
