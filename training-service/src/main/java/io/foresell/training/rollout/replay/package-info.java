/**
 * Recorded requests as evidence: where traffic is low, rows that the champion answered before are scored by both versions. Recorded rows and
 * packages enter, counts as of a shadow leave. Owns nothing; a package is open only while it scores.
 */
@NullMarked
package io.foresell.training.rollout.replay;

import org.jspecify.annotations.NullMarked;
