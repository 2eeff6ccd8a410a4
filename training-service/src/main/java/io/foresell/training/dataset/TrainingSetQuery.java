package io.foresell.training.dataset;

import io.foresell.model.Task;
import org.jspecify.annotations.Nullable;

/**
 * Names the rows of a training set.
 *
 * @param labelView what is to be predicted; empty for one row per entity without a label, as a clustering reads them
 * @param task the task asked for; null when labels decide: texts are classes, 0 and 1 are two classes, other numbers values
 * @param fromMillis keeps labels at or after this instant; 0 means all
 * @param untilMillis keeps labels before this instant; 0 means all
 */
public record TrainingSetQuery(
        String featureSet, String labelView, @Nullable Task task, long fromMillis, long untilMillis) {}
