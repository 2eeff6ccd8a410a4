package io.foresell.feature.trainingset;

/**
 * How much memory one training set may take.
 *
 * @param maxLabels labels, or keys of entities, ordered in memory, about 100 bytes each
 * @param maxCachedCells values of histories kept for later labels of the same entity, 8 bytes each
 */
public record TrainingSetLimits(int maxLabels, int maxCachedCells) {}
