package io.foresell.inference.route;

import io.foresell.inference.ladder.LastKnown;
import org.jspecify.annotations.Nullable;

/**
 * The ladder of a release that serves: what its lower rungs answer with. Immutable but for the scores, which are the model's.
 *
 * @param fallback null without one
 * @param known null when no score is given again
 */
public record SlotLadder(@Nullable ServedVersion fallback, @Nullable LastKnown known) {}
