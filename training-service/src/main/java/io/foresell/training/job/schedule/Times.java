package io.foresell.training.job.schedule;

import java.time.Instant;

/** Says when a training is repeated. Immutable. */
@FunctionalInterface
public interface Times {
    /** Returns the first instant after {@code last}. */
    Instant after(Instant last);
}
