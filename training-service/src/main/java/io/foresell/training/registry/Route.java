package io.foresell.training.registry;

/**
 * A share of a release's traffic.
 *
 * @param weight share of subjects, 0 to 100; the weights of a release sum to 100
 */
public record Route(int version, int weight) {}
