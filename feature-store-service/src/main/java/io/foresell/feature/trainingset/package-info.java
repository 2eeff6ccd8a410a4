/**
 * Labels joined with the features known at their instant, or all entities as far as they were known at one instant: names enter,
 * blocks of rows leave, in the order of ingest or of keys. Reads only; memory is bounded whatever the size of the history.
 */
@NullMarked
package io.foresell.feature.trainingset;

import org.jspecify.annotations.NullMarked;
