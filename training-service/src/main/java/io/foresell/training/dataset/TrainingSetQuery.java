package io.foresell.training.dataset;

/**
 * Names the rows of a training set.
 *
 * @param fromMillis keeps labels at or after this instant; 0 means all
 * @param untilMillis keeps labels before this instant; 0 means all
 */
public record TrainingSetQuery(String featureSet, String labelView, long fromMillis, long untilMillis) {}
