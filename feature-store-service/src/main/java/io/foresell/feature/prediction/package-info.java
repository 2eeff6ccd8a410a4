/**
 * Predictions as they were given and what came true. Records and outcomes enter in any order, each any number of times; predictions
 * with the outcomes that count for them leave. Everything is kept for a limited time, and a subject can be erased for good.
 */
@NullMarked
package io.foresell.feature.prediction;

import org.jspecify.annotations.NullMarked;
