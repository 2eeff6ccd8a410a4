package io.foresell.training.registry;

import java.time.Instant;

/**
 * One move of an alias.
 *
 * @param fromVersion where it pointed before; 0 when it was new
 */
public record AliasMove(String alias, int fromVersion, int toVersion, String actor, String reason, Instant movedAt) {}
