/**
 * Labels joined with the features known at their instant: names enter, blocks of rows in the order of ingest leave. Reads
 * only; memory is bounded whatever the size of the history.
 */
@NullMarked
package io.foresell.feature.trainingset;

import org.jspecify.annotations.NullMarked;
