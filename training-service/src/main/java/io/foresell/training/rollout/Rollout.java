package io.foresell.training.rollout;

import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rollout and where it stands. Immutable; every change makes another one.
 *
 * @param id the model and a count: {@code churn-3}
 * @param champion the version that served before
 * @param digest of the candidate's package
 * @param previousRevision the release before the rollout, which a roll-back restores
 * @param stage index of the stage that is in force; -1 before the first
 * @param isHeld whether a person decides what comes next
 * @param why it stands where it stands
 * @param releaseRevision the release of the stage in force; 0 before the first
 * @param pending a change of the release under way; null when there is none
 * @param changeCount changes of the release intended so far
 * @param endedAt null while it is under way
 */
public record Rollout(
        String id,
        String model,
        RolloutPlan plan,
        int champion,
        String digest,
        int previousRevision,
        Phase phase,
        int stage,
        boolean isHeld,
        String why,
        int releaseRevision,
        @Nullable Pending pending,
        int changeCount,
        Instant startedAt,
        Instant stageSince,
        @Nullable Instant endedAt,
        String actor,
        String reason,
        Observation observation) {
    /** Who acts when no person does. */
    public static final String ITSELF = "foresell-rollout";

    static Rollout planned(Beginning beginning, String id, Instant now) {
        Rollout planned = new Rollout(
                id,
                beginning.plan().model(),
                beginning.plan(),
                beginning.champion(),
                beginning.digest(),
                beginning.revision(),
                Phase.PLANNED,
                -1,
                false,
                "about to begin",
                0,
                null,
                0,
                now,
                now,
                null,
                beginning.actor(),
                beginning.reason(),
                Observation.NONE);
        return planned.intending(0, beginning.revision(), beginning.actor(), beginning.reason());
    }

    /** What a rollout begins with: a plan that was found feasible and the release in force then. */
    record Beginning(RolloutPlan plan, int champion, String digest, int revision, String actor, String reason) {}

    /** Returns the stage in force. */
    Stage current() {
        return plan.stages().get(Math.max(0, stage));
    }

    /** Says whether it goes on by itself or by a person. */
    public boolean isUnderWay() {
        return !phase.isOver();
    }

    /** Begins the reason of every release that this rollout sets for the pending change; finds it again after a crash. */
    static String tag(String id, int number) {
        return "[%s.%d]".formatted(id, number);
    }

    Rollout intending(int target, int expectedRevision, String by, String because) {
        Pending next = new Pending(changeCount + 1, target, expectedRevision, by, because);
        return with(phase, stage, isHeld, because, releaseRevision, next, stageSince, endedAt, observation);
    }

    /** The pending change was made. */
    Rollout applied(Pending made, int revision, Instant now) {
        if (made.isRollBack()) {
            return with(Phase.ROLLED_BACK, stage, false, made.reason(), revision, null, stageSince, now, observation);
        }
        Phase next =
                switch (plan.stages().get(made.target()).kind()) {
                    case SHADOW -> Phase.SHADOW;
                    case STEP -> Phase.STEP;
                    case PROMOTION -> Phase.PROMOTING;
                };
        return with(next, made.target(), false, made.reason(), revision, null, now, null, Observation.NONE);
    }

    /** The pending change is given up; a person decides. */
    Rollout held(String because) {
        return with(phase, stage, true, because, releaseRevision, null, stageSince, endedAt, observation);
    }

    Rollout resumed(String because, Instant now) {
        return with(phase, stage, false, because, releaseRevision, pending, now, endedAt, observation);
    }

    Rollout promoted(String because, Observation seen, Instant now) {
        return with(Phase.PROMOTED, stage, false, because, releaseRevision, null, stageSince, now, seen);
    }

    Rollout superseded(String because, Instant now) {
        return with(Phase.SUPERSEDED, stage, false, because, releaseRevision, null, stageSince, now, observation);
    }

    /** A promotion that is taken back is under way again until the release is set. */
    Rollout reopened() {
        return with(
                phase == Phase.PROMOTED ? Phase.PROMOTING : phase,
                stage,
                isHeld,
                why,
                releaseRevision,
                pending,
                stageSince,
                null,
                observation);
    }

    Rollout seen(Observation newer, String because) {
        return with(phase, stage, isHeld, because, releaseRevision, pending, stageSince, endedAt, newer);
    }

    private Rollout with(
            Phase newPhase,
            int newStage,
            boolean isNowHeld,
            String because,
            int newRevision,
            @Nullable Pending newPending,
            Instant newSince,
            @Nullable Instant newEnd,
            Observation newObservation) {
        return new Rollout(
                id,
                model,
                plan,
                champion,
                digest,
                previousRevision,
                newPhase,
                newStage,
                isNowHeld,
                because,
                newRevision,
                newPending,
                newPending == null ? changeCount : newPending.number(),
                startedAt,
                newSince,
                newEnd,
                actor,
                reason,
                newObservation);
    }
}
