package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What makes a unit a release: in itself, and together with the versions it routes to. */
final class ReleaseUnits {
    static final int MAX_SALT_LENGTH = 64;

    private static final int MAX_ROUTES = 10;
    private static final int WEIGHT_SUM = 100;
    private static final int MAX_COLUMN_LENGTH = 128;
    private static final int MAX_HASH_LENGTH = 128;
    private static final Duration MIN_AGE = Duration.ofSeconds(1);
    private static final Duration MAX_AGE = Duration.ofDays(1);
    private static final Set<String> BANDED_TASKS = Set.of("binary", "regression");

    private ReleaseUnits() {}

    /** Throws INVALID_ARGUMENT naming everything at fault. */
    static void require(ReleaseUnit unit, String salt) {
        List<Failure.FieldViolation> violations = new ArrayList<>();
        checkRoutes(unit.routes(), violations);
        checkHoldOut(unit, violations);
        ReleaseBands bands = unit.bands();
        // Written so that NaN is refused.
        if (bands != null && !(bands.mediumFrom() <= bands.highFrom() && isFinite(bands))) {
            violations.add(violation(
                    "bands", bands.mediumFrom() + ", " + bands.highFrom(), "two numbers, medium_from <= high_from"));
        }
        checkLadder(unit, violations);
        checkLength("feature_set_hash", unit.featureSetHash(), MAX_HASH_LENGTH, violations);
        checkLength("slice_column", unit.sliceColumn(), MAX_COLUMN_LENGTH, violations);
        checkLength("salt", salt, MAX_SALT_LENGTH, violations);
        if (!violations.isEmpty()) {
            throw new ServiceException(Failure.invalid("ROUTES_INVALID", violations));
        }
    }

    private static void checkRoutes(List<Route> routes, List<Failure.FieldViolation> violations) {
        if (routes.isEmpty() || routes.size() > MAX_ROUTES) {
            violations.add(violation("routes", routes.size() + " routes", "1.." + MAX_ROUTES));
        }
        Set<Integer> versions = new HashSet<>();
        long sum = 0;
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            sum += route.weight();
            if (route.weight() < 0 || route.weight() > WEIGHT_SUM) {
                violations.add(violation("routes[%d].weight".formatted(i), route.weight(), "0.." + WEIGHT_SUM));
            }
            if (route.shadowPercent() < 0 || route.shadowPercent() > 100) {
                violations.add(violation("routes[%d].shadow_percent".formatted(i), route.shadowPercent(), "0..100"));
            }
            if (route.isShadow() && route.weight() != 0) {
                violations.add(violation(
                        "routes[%d].weight".formatted(i), route.weight(), "0 for a shadow, which never answers"));
            }
            if (!versions.add(route.version())) {
                violations.add(violation("routes[%d].version".formatted(i), route.version(), "each version once"));
            }
        }
        if (sum != WEIGHT_SUM) {
            violations.add(violation("routes", "weights sum to " + sum, WEIGHT_SUM));
        }
    }

    private static void checkHoldOut(ReleaseUnit unit, List<Failure.FieldViolation> violations) {
        HoldOut holdOut = unit.holdOut();
        if (holdOut == null) {
            return;
        }
        if (holdOut.percent() < 1 || holdOut.percent() > 99) {
            violations.add(violation("hold_out.percent", holdOut.percent(), "1..99"));
        }
        if (!isAnsweringRoute(unit, holdOut.version())) {
            violations.add(violation(
                    "hold_out.version",
                    holdOut.version(),
                    "the version of a route that is no shadow: " + answeringRoutes(unit)));
        }
    }

    private static void checkLadder(ReleaseUnit unit, List<Failure.FieldViolation> violations) {
        Ladder ladder = unit.ladder();
        if (ladder == null) {
            return;
        }
        Duration maxAge = ladder.lastKnownMaxAge();
        if (!maxAge.isZero() && (maxAge.compareTo(MIN_AGE) < 0 || maxAge.compareTo(MAX_AGE) > 0)) {
            violations.add(violation("ladder.last_known_max_age", maxAge, MIN_AGE + ".." + MAX_AGE + ", or absent"));
        }
        if (ladder.fallbackVersion() == 0 && maxAge.isZero()) {
            violations.add(violation("ladder", "without a rung", "fallback_version, last_known_max_age or both"));
        }
        if (ladder.fallbackVersion() != 0) {
            checkFallback(unit, ladder.fallbackVersion(), violations);
        }
    }

    private static void checkFallback(ReleaseUnit unit, int fallback, List<Failure.FieldViolation> violations) {
        if (!isAnsweringRoute(unit, fallback)) {
            violations.add(violation(
                    "ladder.fallback_version",
                    fallback,
                    "the version of a route that is no shadow, such as one of weight 0: " + answeringRoutes(unit)));
        } else if (unit.routes().stream()
                .noneMatch(route -> route.version() != fallback && unit.answers(route.version()))) {
            violations.add(violation(
                    "ladder.fallback_version", fallback, "another version than the one that answers every subject"));
        }
    }

    private static boolean isAnsweringRoute(ReleaseUnit unit, int version) {
        return unit.routes().stream().anyMatch(route -> route.version() == version && !route.isShadow());
    }

    private static String answeringRoutes(ReleaseUnit unit) {
        return unit.routes().stream()
                .filter(route -> !route.isShadow())
                .map(route -> Integer.toString(route.version()))
                .collect(Collectors.joining(", "));
    }

    private static boolean isFinite(ReleaseBands bands) {
        return Double.isFinite(bands.mediumFrom()) && Double.isFinite(bands.highFrom());
    }

    private static void checkLength(String field, String text, int limit, List<Failure.FieldViolation> violations) {
        if (text.length() > limit) {
            violations.add(violation(field, text.length() + " characters", "0.." + limit));
        }
    }

    private static Failure.FieldViolation violation(String field, Object value, Object expected) {
        return new Failure.FieldViolation(field, "%s (expected: %s)".formatted(value, expected));
    }

    /**
     * Refuses a version that does not fit the unit.
     *
     * @throws ServiceException FAILED_PRECONDITION when it was trained on another feature set or, unless forced, failed a gate and is
     *     to answer; INVALID_ARGUMENT when it has no bands that could be replaced
     */
    static void requireFitting(ReleaseUnit unit, ModelVersion version, boolean isForced) {
        boolean isToAnswer = unit.answers(version.version()) || unit.fallback() == version.version();
        if (!isForced && isToAnswer && !version.isEligible()) {
            String failed = version.gates().stream()
                    .filter(gate -> !gate.isHeld())
                    .map(GateResult::sentence)
                    .collect(Collectors.joining("; "));
            throw refused(
                    version,
                    "GATES_FAILED",
                    "gates of %s@%d: %s. Release it by force with a reason, or train a better one"
                            .formatted(version.model(), version.version(), failed));
        }
        String hash = version.manifest().getFeatureSetHash();
        if (!unit.featureSetHash().isEmpty() && !unit.featureSetHash().equals(hash)) {
            throw refused(
                    version,
                    "FEATURE_SET_MISMATCH",
                    "feature_set_hash of %s@%d: '%s' (expected: '%s', as the release says)"
                            .formatted(version.model(), version.version(), hash, unit.featureSetHash()));
        }
        String task = version.manifest().getTask();
        if (unit.bands() != null && !BANDED_TASKS.contains(task)) {
            throw new ServiceException(Failure.invalid(
                    "BANDS_UNSUPPORTED",
                    "bands",
                    "given for a model of the task " + task,
                    "absent, or a model of the task binary or regression"));
        }
    }

    private static ServiceException refused(ModelVersion version, String reason, String message) {
        return new ServiceException(Failure.precondition(reason, message)
                .with("model", version.model())
                .with("version", Integer.toString(version.version())));
    }
}
