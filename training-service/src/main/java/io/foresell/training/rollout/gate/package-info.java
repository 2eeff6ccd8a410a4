/**
 * Gates of a rollout: each looks at what is known in a stage and says pass, wait or fail, with the numbers. What was observed enters,
 * standings leave. Owns nothing.
 */
@NullMarked
package io.foresell.training.rollout.gate;

import org.jspecify.annotations.NullMarked;
