/**
 * The feature store as a process: settings enter, a running server leaves. {@link io.foresell.feature.FeatureStoreServer} owns
 * everything that must be closed; {@link io.foresell.feature.FeatureStoreMain} is the plain process around it.
 */
@NullMarked
package io.foresell.feature;

import org.jspecify.annotations.NullMarked;
