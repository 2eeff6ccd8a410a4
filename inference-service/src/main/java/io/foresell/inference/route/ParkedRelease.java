package io.foresell.inference.route;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A release in force that is not in memory: its packages are on disk, and the first call that asks for the model has it loaded. Immutable.
 *
 * @param versions in the order of the routes
 * @param memoryBytes what it takes in memory: as measured when it was loaded, else estimated from its packages
 * @param loadTime what a load takes about
 */
public record ParkedRelease(
        String model,
        int revision,
        ReleaseTerms terms,
        List<Version> versions,
        long memoryBytes,
        Duration loadTime,
        Usage usage) {
    public ParkedRelease {
        versions = List.copyOf(versions);
    }

    /**
     * A version that waits on disk.
     *
     * @param contract as it was compared last
     */
    public record Version(int version, int weight, int shadowPercent, String digest, FeatureContract contract) {}

    /** Returns a version by number, or null. */
    public @Nullable Version version(int number) {
        return versions.stream()
                .filter(version -> version.version() == number)
                .findFirst()
                .orElse(null);
    }
}
