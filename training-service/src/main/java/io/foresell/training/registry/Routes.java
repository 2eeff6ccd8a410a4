package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What makes a list of routes a release. */
final class Routes {
    private static final int MAX_ROUTES = 10;
    private static final int WEIGHT_SUM = 100;

    private Routes() {}

    /** Throws INVALID_ARGUMENT naming every route at fault. */
    static void require(List<Route> routes) {
        List<Failure.FieldViolation> violations = new ArrayList<>();
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
            if (!versions.add(route.version())) {
                violations.add(violation("routes[%d].version".formatted(i), route.version(), "each version once"));
            }
        }
        if (sum != WEIGHT_SUM) {
            violations.add(violation("routes", "weights sum to " + sum, WEIGHT_SUM));
        }
        if (!violations.isEmpty()) {
            throw new ServiceException(Failure.invalid("ROUTES_INVALID", violations));
        }
    }

    private static Failure.FieldViolation violation(String field, Object value, Object expected) {
        return new Failure.FieldViolation(field, "%s (expected: %s)".formatted(value, expected));
    }
}
