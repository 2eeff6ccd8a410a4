package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;

/** Who and why, as every entry of a history says. */
final class Actors {
    private static final int MAX_ACTOR_LENGTH = 128;
    private static final int MAX_REASON_LENGTH = 1_000;

    private Actors() {}

    static void require(String actor, String reason) {
        if (actor.isBlank() || actor.length() > MAX_ACTOR_LENGTH) {
            throw new ServiceException(Failure.invalid(
                    "ACTOR_INVALID", "actor", actor, "who asks, 1..%d characters".formatted(MAX_ACTOR_LENGTH)));
        }
        if (reason.length() > MAX_REASON_LENGTH) {
            throw new ServiceException(Failure.invalid(
                    "REASON_INVALID", "reason", reason, "0..%d characters".formatted(MAX_REASON_LENGTH)));
        }
    }
}
