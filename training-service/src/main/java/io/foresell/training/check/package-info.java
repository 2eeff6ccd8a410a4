/**
 * Rows and folds enter before anything is fitted; what speaks against training on them leaves: too few rows, signs that the label
 * leaked, times that differ.
 */
@NullMarked
package io.foresell.training.check;

import org.jspecify.annotations.NullMarked;
