package io.foresell.training.registry;

/**
 * A group of subjects that one version answers whatever the weights are.
 *
 * @param percent share of all subjects, 1 to 99
 * @param version one of the routes, and no shadow
 */
public record HoldOut(int percent, int version) {}
