package io.foresell.training.registry;

import java.time.Instant;
import java.util.List;

/**
 * Says which versions of a model serve; replaced as a whole.
 *
 * @param revision counts the releases of the model from 1
 * @param salt keeps the assignment of subjects to routes stable; the same in all releases of a model
 */
public record Release(
        String model, int revision, List<Route> routes, String salt, String actor, String reason, Instant createdAt) {
    public Release {
        routes = List.copyOf(routes);
    }
}
