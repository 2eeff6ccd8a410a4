/**
 * What is known about champion and candidate while a stage runs: replicas of inference are asked what they serve and counted, the prediction
 * log what came of it. Answers of remote services enter, plain counts leave. Owns the channels to the replicas.
 */
@NullMarked
package io.foresell.training.rollout.observe;

import org.jspecify.annotations.NullMarked;
