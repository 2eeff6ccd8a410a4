package io.foresell.training.rollout;

import com.mongodb.client.MongoDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.audit.AuditLog;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.RecordedRows;
import io.foresell.training.rollout.observe.Replicas;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.replay.Replay;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The rollouts of all models: what people ask of them, and the looks that move them on. Thread-safe. */
public final class Rollouts implements AutoCloseable {
    private static final int MAX_ACTOR_LENGTH = 128;
    private static final int MAX_REASON_LENGTH = 500; // the releases' reason holds more beside it

    private final RolloutStore store;
    private final RolloutEngine engine;
    private final Feasibility feasibility;
    private final Looks looks;
    private final Clock clock;

    /** Connects nothing yet. Does not own where replicas, outcomes and recorded rows come from. */
    public Rollouts(
            MongoDatabase database,
            PlanEncoding plans,
            ModelRegistry registry,
            AuditLog audit,
            Replicas replicas,
            Outcomes outcomes,
            RecordedRows recorded,
            RolloutConfig config,
            Clock clock,
            MeterRegistry meters) {
        this.store = new RolloutStore(database, plans);
        this.engine =
                new RolloutEngine(store, new AuditedSwitch(new RegistrySwitch(registry.releases()), audit), clock);
        this.feasibility = new Feasibility(registry, store, replicas, outcomes);
        LiveSources sources = new LiveSources(replicas, outcomes, new Replay(registry, recorded), meters);
        this.looks = new Looks(store, engine, sources, config.interval(), meters);
        this.clock = clock;
    }

    /** Begins to look. */
    public void start() {
        looks.start();
    }

    /** Makes the store ready; call whenever it was away. Repeating it changes nothing. */
    public void prepare() {
        store.createIndexes();
    }

    /** Says what a plan would do and whether it can; changes nothing. */
    public PlanReview review(RolloutPlan plan) {
        return feasibility.review(plan, clock.instant());
    }

    /**
     * Begins a rollout.
     *
     * @throws ServiceException FAILED_PRECONDITION with every blocking finding, or when one is under way
     */
    public Rollout start(RolloutPlan plan, String actor, String reason) {
        requireActor(actor, reason);
        PlanReview review = feasibility.review(plan, clock.instant());
        // The engine decides about a rollout under way, by compare-and-set.
        List<Finding> blocking = review.findings().stream()
                .filter(finding -> finding.isBlocking() && !finding.check().equals("rollout"))
                .toList();
        Rollout before = store.read(plan.model()).rollout();
        boolean isInTheWay = before != null
                && before.isUnderWay()
                && (before.pending() != null || before.releaseRevision() == review.revision());
        if (!blocking.isEmpty() && !isInTheWay) {
            throw new ServiceException(Failure.precondition(
                    "ROLLOUT_INFEASIBLE",
                    blocking.stream()
                            .map(finding -> finding.check() + ": " + finding.sentence())
                            .collect(Collectors.joining("; "))));
        }
        return engine.start(
                new Rollout.Beginning(plan, review.champion(), review.digest(), review.revision(), actor, reason));
    }

    /**
     * Returns the rollout under way, else the last one.
     *
     * @throws ServiceException NOT_FOUND when there was none
     */
    public Rollout get(String model) {
        Rollout rollout = store.read(Names.require("model", model)).rollout();
        if (rollout == null) {
            List<String> known = list().stream().map(Rollout::model).toList();
            throw new ServiceException(Failure.notFound(
                    "rollout",
                    model,
                    known.isEmpty() ? "a model with a rollout; there is none yet" : "one of " + known));
        }
        return rollout;
    }

    /** Returns the rollout under way, else the last one, of every model by name. */
    public List<Rollout> list() {
        return store.readAll().stream()
                .map(RolloutState::rollout)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Returns why the last look at a model failed in this process; empty when it did not. */
    public String lookFailure(String model) {
        return looks.failure(model);
    }

    /** Goes on by decision of a person; the reason is required. */
    public Rollout promote(String model, boolean isToEnd, String actor, String reason) {
        requireActor(actor, reason);
        if (reason.isBlank()) {
            throw new ServiceException(
                    Failure.invalid("REASON_MISSING", "reason", reason, "why gates may be passed over"));
        }
        return engine.promote(known(model), isToEnd, actor, reason);
    }

    /** Sets the release before the rollout again. */
    public Rollout rollBack(String model, String actor, String reason) {
        requireActor(actor, reason);
        return engine.rollBack(known(model), actor, reason.isBlank() ? "rolled back by " + actor : reason);
    }

    /** Stops automatic steps. */
    public Rollout hold(String model, String actor, String reason) {
        requireActor(actor, reason);
        return engine.hold(known(model), actor, reason);
    }

    /** Lets a held rollout go on. */
    public Rollout resume(String model, String actor, String reason) {
        requireActor(actor, reason);
        return engine.resume(known(model), actor, reason);
    }

    /** Returns what was done, newest first. */
    public List<RolloutEvent> events(String model) {
        return store.events(Names.require("model", model));
    }

    private String known(String model) {
        return get(model).model();
    }

    private static void requireActor(String actor, String reason) {
        if (actor.isBlank() || actor.length() > MAX_ACTOR_LENGTH) {
            throw new ServiceException(Failure.invalid(
                    "ACTOR_INVALID", "actor", actor, "who asks, 1..%d characters".formatted(MAX_ACTOR_LENGTH)));
        }
        if (reason.length() > MAX_REASON_LENGTH) {
            throw new ServiceException(Failure.invalid(
                    "REASON_INVALID", "reason", reason, "0..%d characters".formatted(MAX_REASON_LENGTH)));
        }
    }

    @Override
    public void close() {
        looks.close();
    }
}
