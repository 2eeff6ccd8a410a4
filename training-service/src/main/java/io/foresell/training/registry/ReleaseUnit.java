package io.foresell.training.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a release says besides who, when and why. Replaced as a whole. Not checked: {@link ReleaseUnits} does.
 *
 * @param holdOut null without a hold-out group
 * @param bands null when each package's own hold
 * @param featureSetHash of the feature set that every version must have been trained on; empty asks for none
 * @param sliceColumn the input whose values are the slices of statistics; empty for bands only
 * @param ladder null when nothing answers in place of a version that cannot
 */
public record ReleaseUnit(
        List<Route> routes,
        @Nullable HoldOut holdOut,
        @Nullable ReleaseBands bands,
        String featureSetHash,
        String sliceColumn,
        @Nullable Ladder ladder) {
    public ReleaseUnit {
        routes = List.copyOf(routes);
    }

    /** Makes a unit without a ladder. */
    public ReleaseUnit(
            List<Route> routes,
            @Nullable HoldOut holdOut,
            @Nullable ReleaseBands bands,
            String featureSetHash,
            String sliceColumn) {
        this(routes, holdOut, bands, featureSetHash, sliceColumn, null);
    }

    /** Returns a unit of routes only. */
    public static ReleaseUnit of(List<Route> routes) {
        return new ReleaseUnit(routes, null, null, "", "");
    }

    /** Returns the same with other routes. */
    public ReleaseUnit withRoutes(List<Route> others) {
        return new ReleaseUnit(others, holdOut, bands, featureSetHash, sliceColumn, ladder);
    }

    /** Returns the version that answers in place of others; 0 without one. */
    public int fallback() {
        return ladder == null ? 0 : ladder.fallbackVersion();
    }

    /** Returns whether a version answers subjects: by weight, or those held out. */
    public boolean answers(int version) {
        boolean isBaseline = holdOut != null && holdOut.version() == version;
        return isBaseline || routes.stream().anyMatch(route -> route.version() == version && route.weight() > 0);
    }
}
