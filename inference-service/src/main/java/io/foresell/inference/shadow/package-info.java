/**
 * Scores copies of answered rows with shadow versions, on one thread with time to spare. Answered rows enter after their answer is on its
 * way; what leaves is counted in the {@link io.foresell.inference.measure.DecisionDiff} of the release and told to {@link ShadowScores}. Nothing here can delay or fail an
 * answer: what does not fit in the queue is dropped and counted.
 */
@NullMarked
package io.foresell.inference.shadow;

import org.jspecify.annotations.NullMarked;
