package io.foresell.inference.ladder;

import java.time.Duration;

/**
 * What answers when the version chosen cannot in the time left, as a release declares it. A refusal is always the last rung.
 *
 * @param fallbackVersion a route that is no shadow; 0 for none
 * @param lastKnownMaxAge how old a score may be that is given again; zero when none is
 */
public record Ladder(int fallbackVersion, Duration lastKnownMaxAge) {
    private static final Duration MAX_AGE = Duration.ofDays(1);

    public Ladder {
        if (lastKnownMaxAge.isNegative() || lastKnownMaxAge.compareTo(MAX_AGE) > 0) {
            throw new IllegalArgumentException(
                    "ladder.last_known_max_age: %s (expected: 0..%s)".formatted(lastKnownMaxAge, MAX_AGE));
        }
        if (fallbackVersion < 0 || (fallbackVersion == 0 && lastKnownMaxAge.isZero())) {
            throw new IllegalArgumentException(
                    "ladder.fallback_version: %d, last_known_max_age: %s (expected: one of them at least)"
                            .formatted(fallbackVersion, lastKnownMaxAge));
        }
    }

    public boolean hasLastKnown() {
        return !lastKnownMaxAge.isZero();
    }
}
