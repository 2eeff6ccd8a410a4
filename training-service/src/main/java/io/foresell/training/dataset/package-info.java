/**
 * Blocks of the feature store enter, one columnar {@code TrainingSet} and its folds leave. Rows are immutable once
 * read; a {@code TrainingFold} is the only thing a fitter ever sees.
 */
@NullMarked
package io.foresell.training.dataset;

import org.jspecify.annotations.NullMarked;
