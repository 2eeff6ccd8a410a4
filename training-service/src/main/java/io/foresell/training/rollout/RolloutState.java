package io.foresell.training.rollout;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is decided about the rollouts of one model, read and replaced as one document. Events are kept as documents of their own;
 * one stays in the journal, part of this document, until its own is written.
 *
 * @param revision counts the replacements of the document; 0 when there is none yet
 * @param rollout the one under way, else the last one; null before the first
 */
record RolloutState(
        String model,
        long revision,
        int rolloutCount,
        int eventCount,
        @Nullable Rollout rollout,
        List<RolloutEvent> journal) {
    RolloutState {
        journal = List.copyOf(journal);
    }

    static RolloutState none(String model) {
        return new RolloutState(model, 0, 0, 0, null, List.of());
    }

    /** Returns the id of the rollout that would come next. */
    String nextId() {
        return "%s-%d".formatted(model, rolloutCount + 1);
    }

    RolloutState begun(Rollout next) {
        return new RolloutState(model, revision, rolloutCount + 1, eventCount, next, journal);
    }

    RolloutState with(Rollout next) {
        return new RolloutState(model, revision, rolloutCount, eventCount, next, journal);
    }

    /** Returns the state after an event, which says what was seen last before it. */
    RolloutState noted(Rollout of, Instant at, String actor, String action, String reason, int releaseRevision) {
        List<RolloutEvent> more = new ArrayList<>(journal);
        more.add(new RolloutEvent(
                eventCount + 1,
                of.id(),
                at,
                actor,
                action,
                reason,
                releaseRevision,
                of.observation().gates(),
                of.observation().replicas()));
        return new RolloutState(model, revision, rolloutCount, eventCount + 1, rollout, more);
    }

    RolloutState replaced() {
        return new RolloutState(model, revision + 1, rolloutCount, eventCount, rollout, journal);
    }

    RolloutState emptied() {
        return new RolloutState(model, revision, rolloutCount, eventCount, rollout, List.of());
    }
}
