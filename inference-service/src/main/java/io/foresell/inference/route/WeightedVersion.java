package io.foresell.inference.route;

import io.foresell.inference.measure.VersionCounts;

/**
 * A ready version and its part in a release.
 *
 * @param weight percent of the subjects that are not held out, 0 to 100; with 0 the version answers only requests that name it
 * @param shadowPercent percent of the subjects whose rows it scores on a copy; above 0 it is a shadow and its weight 0
 * @param counts what it does under this release
 */
public record WeightedVersion(ServedVersion served, int weight, int shadowPercent, VersionCounts counts) {
    /** Makes a route that is counted for itself. */
    public WeightedVersion(ServedVersion served, int weight, int shadowPercent) {
        this(served, weight, shadowPercent, countsOf(served));
    }

    static VersionCounts countsOf(ServedVersion served) {
        return new VersionCounts(
                served.version(),
                served.digest(),
                served.modelPackage().answer().labels());
    }

    public boolean isShadow() {
        return shadowPercent > 0;
    }
}
