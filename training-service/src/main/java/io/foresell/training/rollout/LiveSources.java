package io.foresell.training.rollout;

import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.observe.Replicas;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks replicas at every look, and the prediction log, which computes its answer, less often. */
final class LiveSources implements RolloutEngine.Sources {
    private static final Duration FOR_GATES = Duration.ofSeconds(10);
    private static final Duration FOR_PEOPLE = Duration.ofMinutes(1);

    private final Replicas replicas;
    private final Outcomes outcomes;

    LiveSources(Replicas replicas, Outcomes outcomes) {
        this.replicas = replicas;
        this.outcomes = outcomes;
    }

    @Override
    public Looking look(Rollout rollout, Instant now) {
        RolloutPlan plan = rollout.plan();
        List<ReplicaReport> reports =
                replicas.ask(rollout.model(), rollout.champion(), plan.candidate(), rollout.releaseRevision());
        return new Looking(reports, outcomes(rollout, now), now);
    }

    private Looking.@Nullable AskedOutcomes outcomes(Rollout rollout, Instant now) {
        Limits limits = rollout.plan().limits();
        Duration wait = limits.needOutcomes() ? FOR_GATES : FOR_PEOPLE;
        boolean isDue = Duration.between(rollout.observation().outcomesAt(), now).compareTo(wait) >= 0;
        if (!isDue || rollout.current().kind() != Stage.Kind.STEP) {
            return null;
        }
        Instant asked = Instant.ofEpochMilli(now.toEpochMilli());
        Outcomes.Answer labels = ask(rollout, "");
        Limits.Outcome limit = limits.outcome();
        return new Looking.AskedOutcomes(
                limit == null || limit.name().isEmpty() ? labels : ask(rollout, limit.name()), labels, asked);
    }

    private Outcomes.Answer ask(Rollout rollout, String name) {
        return outcomes.since(
                rollout.model(), rollout.champion(), rollout.plan().candidate(), name, rollout.stageSince());
    }
}
