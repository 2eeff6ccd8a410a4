package io.foresell.training.registry;

import java.time.Instant;
import java.util.List;

/**
 * Says which versions of a model serve and how; replaced as a whole.
 *
 * @param revision counts the releases of the model from 1
 * @param salt keeps the assignment of subjects stable: the same in all releases of a model unless one asks for another
 * @param isForced whether gates of training were passed over
 */
public record Release(
        String model,
        int revision,
        ReleaseUnit unit,
        String salt,
        String actor,
        String reason,
        Instant createdAt,
        boolean isForced) {
    /** Returns the routes of the unit. */
    public List<Route> routes() {
        return unit.routes();
    }
}
