package io.foresell.training.registry;

import java.time.Duration;

/**
 * What answers when the version chosen cannot in the time that a caller has left. Not checked: {@link ReleaseUnits} does.
 *
 * @param fallbackVersion one of the routes, and no shadow; 0 for none
 * @param lastKnownMaxAge how old a score may be that is given again; zero when none is
 */
public record Ladder(int fallbackVersion, Duration lastKnownMaxAge) {}
