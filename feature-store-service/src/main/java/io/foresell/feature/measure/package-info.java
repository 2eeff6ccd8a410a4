/**
 * How good logged predictions were and how far inputs and scores moved. Predictions enter in a stream, figures leave; the memory is
 * bounded by the number of rows read.
 */
@NullMarked
package io.foresell.feature.measure;

import org.jspecify.annotations.NullMarked;
