package io.foresell.training.registry;

/**
 * Where an answer counts as medium or high, in place of what the packages say.
 *
 * @param highFrom at least {@code mediumFrom}
 */
public record ReleaseBands(double mediumFrom, double highFrom) {}
