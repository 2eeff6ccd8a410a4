/**
 * The inference service. Releases and packages enter from the registry, features from the feature store, requests over gRPC;
 * answers leave. {@link io.foresell.inference.InferenceServer} owns every part and shows the whole wiring.
 */
@NullMarked
package io.foresell.inference;

import org.jspecify.annotations.NullMarked;
