/**
 * What was known about an entity at an instant: histories enter, feature values leave. Pure computation, the only
 * implementation of features for training and serving.
 */
@NullMarked
package io.foresell.feature.asof;

import org.jspecify.annotations.NullMarked;
