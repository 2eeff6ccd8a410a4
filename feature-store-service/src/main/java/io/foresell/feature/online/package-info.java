/**
 * One document per entity with what serving needs: histories enter, the features as of now leave. Owns the {@code online_*}
 * collections, which can always be rebuilt from history.
 */
@NullMarked
package io.foresell.feature.online;

import org.jspecify.annotations.NullMarked;
