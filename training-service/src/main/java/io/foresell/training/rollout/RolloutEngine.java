package io.foresell.training.rollout;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.training.rollout.Looking.Decision;
import io.foresell.training.rollout.ReleaseSwitch.Setting;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves rollouts. A change of the release takes three steps, each of which may be the last before the process dies: the intention is written
 * into the rollout, the release is set by compare-and-set with the intention's name in its reason, the rollout notes that it was. Whoever
 * finds an intention first looks for a release that bears its name, and only sets one when there is none and the release is still the one
 * that the intention expects. Thread-safe, also with other processes.
 */
final class RolloutEngine {
    private static final Logger log = LoggerFactory.getLogger(RolloutEngine.class);
    private static final int MAX_TRIES = 5;
    private static final Duration KEEP = Duration.ofSeconds(10); // how old what is stored may be while nothing changes

    private final RolloutStore store;
    private final ReleaseSwitch releases;
    private final Clock clock;

    RolloutEngine(RolloutStore store, ReleaseSwitch releases, Clock clock) {
        this.store = store;
        this.releases = releases;
        this.clock = clock;
    }

    /**
     * Begins a rollout.
     *
     * @throws ServiceException FAILED_PRECONDITION ROLLOUT_UNDER_WAY when there is one, unless a person has set another release meanwhile
     */
    Rollout start(Rollout.Beginning beginning) {
        String model = beginning.plan().model();
        Setting current = releases.current(model);
        if (current.revision() != beginning.revision()) {
            throw new ServiceException(Failure.conflict(
                    "RELEASE_CHANGED", "release of " + model, beginning.revision(), current.revision()));
        }
        RolloutState after = store.change(model, state -> {
            RolloutState free = state;
            Rollout before = state.rollout();
            if (before != null && (before.isUnderWay() || before.pending() != null)) {
                if (before.pending() != null || before.releaseRevision() == current.revision()) {
                    throw underWay(before);
                }
                String because = outside(current);
                free = state.with(before.superseded(because, now()))
                        .noted(before, now(), beginning.actor(), "superseded", because, 0);
            }
            Rollout planned = Rollout.planned(beginning, free.nextId(), now());
            return free.begun(planned)
                    .noted(planned, now(), beginning.actor(), "started", beginning.reason(), beginning.revision());
        });
        log.info(
                "rollout started model={} id={} candidate={}",
                model,
                rollout(after).id(),
                beginning.plan().candidate());
        return settle(model);
    }

    private static ServiceException underWay(Rollout rollout) {
        return new ServiceException(Failure.precondition(
                        "ROLLOUT_UNDER_WAY",
                        "rollout: %s is under way, %s (expected: none; promote it or roll it back)"
                                .formatted(rollout.id(), rollout.why()))
                .with("rollout", rollout.id()));
    }

    /** Finishes the change that is intended, if any, and returns the rollout. */
    Rollout settle(String model) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Rollout rollout = rollout(store.read(model));
            Pending pending = rollout.pending();
            if (pending == null) {
                return rollout;
            }
            String tag = Rollout.tag(rollout.id(), pending.number());
            OptionalInt made = releases.find(model, tag, pending.expectedRevision());
            if (made.isPresent()) {
                return note(rollout, pending, made.getAsInt());
            }
            if (pending.isRollBack() && rollout.releaseRevision() == 0) {
                return note(rollout, pending, pending.expectedRevision()); // nothing was ever set
            }
            try {
                return note(rollout, pending, releases.set(rollout, pending, tag));
            } catch (ServiceException e) {
                boolean isOther = e.failure().reason().equals("RELEASE_CHANGED");
                boolean isBusy = e.failure().code() == Status.Code.ABORTED && !isOther;
                if (isBusy || e.failure().code() == Status.Code.UNAVAILABLE) {
                    throw e; // the intention stays and is carried out later
                }
                if (!isOther
                        || releases.find(model, tag, pending.expectedRevision()).isEmpty()) {
                    return giveUp(
                            rollout,
                            pending,
                            isOther
                                    ? outside(releases.current(model))
                                    : e.failure().message());
                }
            }
        }
        throw new ServiceException(
                Failure.conflict("ROLLOUT_BUSY", "rollout of " + model, "one writer", "many writers"));
    }

    private Rollout note(Rollout rollout, Pending made, int revision) {
        RolloutState after = store.change(rollout.model(), state -> {
            Rollout now = state.rollout();
            if (now == null || !isPending(now, rollout, made)) {
                return null; // another process has noted it
            }
            Rollout applied = now.applied(made, revision, now());
            return state.with(applied).noted(now, now(), made.actor(), action(applied, made), made.reason(), revision);
        });
        Rollout applied = rollout(after);
        log.info(
                "rollout moved model={} id={} phase={} stage={} release_revision={} actor={} reason={}",
                applied.model(),
                applied.id(),
                applied.phase(),
                applied.stage(),
                applied.releaseRevision(),
                made.actor(),
                made.reason());
        return applied;
    }

    private static String action(Rollout applied, Pending made) {
        return made.isRollBack() ? "rolled back" : applied.current().title();
    }

    private Rollout giveUp(Rollout rollout, Pending pending, String because) {
        log.warn("rollout held model={} id={} reason={}", rollout.model(), rollout.id(), because);
        return rollout(store.change(rollout.model(), state -> {
            Rollout now = state.rollout();
            if (now == null || !isPending(now, rollout, pending)) {
                return null;
            }
            return state.with(now.held(because)).noted(now, now(), Rollout.ITSELF, "held", because, 0);
        }));
    }

    private static boolean isPending(Rollout now, Rollout rollout, Pending pending) {
        return now.id().equals(rollout.id()) && pending.equals(now.pending());
    }

    /** Looks once: judges the gates by what was found and takes the step that they allow. */
    Rollout look(String model, Sources sources) {
        Rollout rollout = settle(model);
        if (!rollout.isUnderWay() || rollout.stage() < 0) { // of one that could not begin there is nothing to see
            return rollout;
        }
        Setting current = releases.current(model);
        if (current.revision() != rollout.releaseRevision()) {
            return holdFor(rollout, outside(current));
        }
        Looking looking = sources.look(rollout, clock.instant());
        RolloutState after = store.change(model, state -> {
            Rollout now = state.rollout();
            boolean isSame = now != null
                    && now.id().equals(rollout.id())
                    && now.pending() == null
                    && now.isUnderWay()
                    && now.releaseRevision() == rollout.releaseRevision();
            return now != null && isSame ? seen(state, now, looking) : null;
        });
        return rollout(after).pending() == null ? rollout(after) : settle(model);
    }

    private @Nullable RolloutState seen(RolloutState state, Rollout before, Looking looking) {
        Looking.Seen seen = looking.at(before);
        Rollout after = seen.rollout();
        Decision decision = seen.decision();
        if (decision instanceof Decision.Go go) {
            return state.with(after.intending(go.target(), after.releaseRevision(), Rollout.ITSELF, go.because()));
        }
        if (decision instanceof Decision.Hold hold) {
            return state.with(after.held(hold.because()))
                    .noted(after, now(), Rollout.ITSELF, "held", hold.because(), 0);
        }
        if (decision instanceof Decision.Done done) {
            return state.with(after.promoted(done.because(), after.observation(), now()))
                    .noted(after, now(), Rollout.ITSELF, "promoted", done.because(), after.releaseRevision());
        }
        return isWorthKeeping(before, after) ? state.with(after) : null;
    }

    /** While nothing happens, one write in a while is enough. */
    private static boolean isWorthKeeping(Rollout before, Rollout after) {
        Observation was = before.observation();
        Observation is = after.observation();
        return !was.ledger().equals(is.ledger())
                || !was.replicas().equals(is.replicas())
                || !was.outcomesAt().equals(is.outcomesAt())
                || Duration.between(was.lookedAt(), is.lookedAt()).compareTo(KEEP) >= 0;
    }

    private Rollout holdFor(Rollout rollout, String because) {
        return rollout(store.change(rollout.model(), state -> {
            Rollout now = state.rollout();
            boolean isSame = now != null && now.id().equals(rollout.id()) && now.pending() == null;
            if (now == null || !isSame || now.releaseRevision() != rollout.releaseRevision() || !now.isUnderWay()) {
                return null;
            }
            if (now.isHeld() && now.why().equals(because)) {
                return null;
            }
            return state.with(now.held(because)).noted(now, now(), Rollout.ITSELF, "held", because, 0);
        }));
    }

    private static String outside(Setting current) {
        return "release %d was set by %s, not by this rollout: %s"
                .formatted(current.revision(), current.actor(), current.reason());
    }

    /** Goes on to the next stage, or to the promotion, by decision of a person. */
    Rollout promote(String model, boolean isToEnd, String actor, String reason) {
        settle(model);
        Setting current = releases.current(model);
        store.change(model, state -> {
            Rollout now = requireUnderWay(state);
            requireOwn(now, current);
            int last = now.plan().stages().size() - 1;
            if (now.stage() == last) {
                throw new ServiceException(Failure.precondition(
                        "ROLLOUT_PROMOTING",
                        "rollout: %s is at the promotion and waits for proof (expected: a step before)"
                                .formatted(now.id())));
            }
            int target = isToEnd ? last : now.stage() + 1;
            return state.with(now.intending(target, current.revision(), actor, reason));
        });
        return settle(model);
    }

    /** Sets the release before the rollout again; also after a promotion, as long as its release is in force. */
    Rollout rollBack(String model, String actor, String reason) {
        settle(model);
        Rollout rolledBack = null;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Setting current = releases.current(model);
            store.change(model, state -> {
                Rollout now = requireAny(state);
                if (now.phase() == Phase.PROMOTED) {
                    requireOwn(now, current);
                } else if (!now.isUnderWay()) {
                    throw ended(now);
                }
                return state.with(now.reopened().intending(Pending.ROLL_BACK, current.revision(), actor, reason));
            });
            rolledBack = settle(model);
            if (rolledBack.phase() == Phase.ROLLED_BACK) {
                return rolledBack;
            }
        }
        throw new ServiceException(
                Failure.conflict("ROLLOUT_BUSY", "release of " + model, "one writer", "many writers"));
    }

    /** Stops automatic steps. */
    Rollout hold(String model, String actor, String reason) {
        settle(model);
        return rollout(store.change(model, state -> {
            Rollout now = requireUnderWay(state);
            String because = "held by %s%s".formatted(actor, reason.isEmpty() ? "" : ": " + reason);
            return state.with(now.held(because)).noted(now, now(), actor, "held", reason, 0);
        }));
    }

    /** Lets a held rollout go on; its release is set again when someone had set another. */
    Rollout resume(String model, String actor, String reason) {
        settle(model);
        Setting current = releases.current(model);
        store.change(model, state -> {
            Rollout now = requireUnderWay(state);
            if (!now.isHeld()) {
                throw new ServiceException(Failure.precondition(
                        "ROLLOUT_NOT_HELD", "rollout: %s goes on by itself (expected: held)".formatted(now.id())));
            }
            Rollout resumed = now.resumed("resumed by " + actor, now());
            if (now.stage() < 0) {
                requireOwn(now, current);
            }
            boolean isInForce = now.stage() >= 0 && now.releaseRevision() == current.revision();
            RolloutState noted = state.with(resumed).noted(now, now(), actor, "resumed", reason, 0);
            return isInForce
                    ? noted
                    : noted.with(resumed.intending(Math.max(0, now.stage()), current.revision(), actor, reason));
        });
        return settle(model);
    }

    private static Rollout requireAny(RolloutState state) {
        Rollout rollout = state.rollout();
        if (rollout == null) {
            throw new ServiceException(Failure.notFound("rollout", state.model(), "a model with a rollout"));
        }
        return rollout;
    }

    private static Rollout requireUnderWay(RolloutState state) {
        Rollout rollout = requireAny(state);
        if (!rollout.isUnderWay()) {
            throw ended(rollout);
        }
        return rollout;
    }

    /** The release in force must be the rollout's, or before its first one that which it was planned on. */
    private static void requireOwn(Rollout rollout, Setting current) {
        int own = rollout.stage() < 0 ? rollout.previousRevision() : rollout.releaseRevision();
        if (own != current.revision()) {
            throw new ServiceException(Failure.precondition(
                    "RELEASE_CHANGED",
                    outside(current) + " (expected: release %d; resume the rollout, or roll it back)".formatted(own)));
        }
    }

    private static ServiceException ended(Rollout rollout) {
        return new ServiceException(Failure.precondition(
                        "ROLLOUT_ENDED",
                        "rollout: %s is %s (expected: one under way)"
                                .formatted(rollout.id(), rollout.phase().name().toLowerCase(java.util.Locale.ROOT)))
                .with("rollout", rollout.id()));
    }

    private static Rollout rollout(RolloutState state) {
        return requireAny(state);
    }

    /** Where looks come from. */
    interface Sources {
        /** Asks replicas, and outcomes when it is time. */
        Looking look(Rollout rollout, Instant now);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }
}
