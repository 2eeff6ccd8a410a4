package io.foresell.inference.fetch;

import io.foresell.inference.ladder.Ladder;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.kit.Names;
import java.util.List;

/**
 * Which versions of a model are to serve, as the registry says. Immutable; checked, because names become file names and
 * metric labels.
 *
 * @param routes 1 to 10, weights summing to 100, versions unique
 */
public record Release(String model, int revision, List<RoutedVersion> routes, ReleaseTerms terms) {
    private static final int MAX_ROUTES = 10;

    /** Makes a release of routes and a salt. */
    public Release(String model, int revision, List<RoutedVersion> routes, String salt) {
        this(model, revision, routes, ReleaseTerms.of(salt));
    }

    public Release {
        routes = List.copyOf(routes);
        if (!Names.isValid(model)) {
            throw new IllegalArgumentException("model: '%s' (expected: %s)".formatted(model, Names.EXPECTED));
        }
        if (routes.isEmpty() || routes.size() > MAX_ROUTES) {
            throw new IllegalArgumentException("routes: %d (expected: 1..%d)".formatted(routes.size(), MAX_ROUTES));
        }
        int sum = routes.stream().mapToInt(RoutedVersion::weight).sum();
        if (sum != 100) {
            throw new IllegalArgumentException("weights: %d in sum (expected: 100)".formatted(sum));
        }
        long versionCount =
                routes.stream().mapToInt(RoutedVersion::version).distinct().count();
        if (versionCount < routes.size()) {
            throw new IllegalArgumentException(
                    "versions: %d different (expected: %d, one a route)".formatted(versionCount, routes.size()));
        }
        Ladder ladder = terms.ladder();
        if (ladder != null
                && ladder.fallbackVersion() != 0
                && routes.stream()
                        .noneMatch(
                                route -> route.version() == ladder.fallbackVersion() && route.shadowPercent() == 0)) {
            throw new IllegalArgumentException("ladder.fallback_version: %d (expected: a route that is no shadow)"
                    .formatted(ladder.fallbackVersion()));
        }
        ReleaseTerms.HoldOut holdOut = terms.holdOut();
        if (holdOut != null
                && routes.stream()
                        .noneMatch(route -> route.version() == holdOut.version() && route.shadowPercent() == 0)) {
            throw new IllegalArgumentException(
                    "hold_out.version: %d (expected: a route that is no shadow)".formatted(holdOut.version()));
        }
    }
}
