package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.route.FeatureContract;
import io.foresell.inference.route.RowCost;
import io.foresell.inference.route.ServedVersion;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was learnt of versions when they were loaded, so that the next load is planned and measures less. Used by the load lane's thread. */
final class VersionFacts {
    // Before it is known: a package is compressed, and kept beside what was compiled from it.
    private static final int UNPACKED_FACTOR = 6;
    private static final long EACH = 64 << 10;
    private static final Duration LOAD_TIME = Duration.ofMillis(150);

    /**
     * Facts about one version.
     *
     * @param rowCost null when only the disk remembers it
     * @param contract as compared last
     */
    record Facts(long memoryBytes, Duration loadTime, @Nullable RowCost rowCost, FeatureContract contract) {}

    private static final FeatureContract PARKED =
            FeatureContract.unchecked("parked since the server started: compared when it is loaded");

    private final Map<String, Facts> byDigest = new HashMap<>();

    void learn(ServedVersion version) {
        byDigest.put(
                version.digest(),
                new Facts(version.memoryBytes(), version.loadTime(), version.rowCost(), version.featureContract()));
    }

    /** Learns what the disk remembers. */
    void recall(String digest, long memoryBytes, Duration loadTime) {
        byDigest.put(digest, new Facts(memoryBytes, loadTime, null, PARKED));
    }

    Map<String, Facts> all() {
        return byDigest;
    }

    /** Returns what a row costs, or null when it has to be measured. */
    @Nullable
    RowCost rowCost(RoutedVersion version) {
        Facts facts = byDigest.get(version.digest());
        return facts == null ? null : facts.rowCost();
    }

    FeatureContract contract(RoutedVersion version) {
        Facts facts = byDigest.get(version.digest());
        return facts == null ? PARKED : facts.contract();
    }

    long memoryBytes(RoutedVersion version) {
        Facts facts = byDigest.get(version.digest());
        return facts == null ? EACH + UNPACKED_FACTOR * version.packageBytes() : facts.memoryBytes();
    }

    /** Returns what the versions of a release take together. */
    long memoryBytes(Release release) {
        return release.routes().stream().mapToLong(this::memoryBytes).sum();
    }

    /** Returns what a load of a release takes. */
    Duration loadTime(Release release) {
        Duration sum = Duration.ZERO;
        for (RoutedVersion route : release.routes()) {
            Facts facts = byDigest.get(route.digest());
            sum = sum.plus(facts == null ? LOAD_TIME : facts.loadTime());
        }
        return sum;
    }

    void retain(Set<String> digests) {
        byDigest.keySet().retainAll(digests);
    }
}
