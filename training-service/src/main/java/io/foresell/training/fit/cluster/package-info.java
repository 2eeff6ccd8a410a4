/** Fits k-means, mixtures of normal distributions and HDBSCAN: encoded rows enter, models that put a row in a cluster leave. */
@NullMarked
package io.foresell.training.fit.cluster;

import org.jspecify.annotations.NullMarked;
