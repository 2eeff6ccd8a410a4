/**
 * What a rollout is to do: stages and the limits of its gates, checked and with all defaults filled in. Owns nothing.
 */
@NullMarked
package io.foresell.training.rollout.plan;

import org.jspecify.annotations.NullMarked;
