package io.foresell.training.rollout;

import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.observe.Replicas;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import io.foresell.training.rollout.replay.Replay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks replicas at every look, and the prediction log, which computes its answer, less often. */
final class LiveSources implements RolloutEngine.Sources {
    private static final Logger log = LoggerFactory.getLogger(LiveSources.class);
    private static final Duration FOR_GATES = Duration.ofSeconds(10);
    private static final Duration FOR_PEOPLE = Duration.ofMinutes(1);

    private static final Duration NEXT_REPLAY = Duration.ofMinutes(1);

    private final Replicas replicas;
    private final Outcomes outcomes;
    private final Replay replay;
    private final Counter replayed;
    private final Counter replayFailed;
    private Instant nextReplay = Instant.EPOCH; // looker only

    LiveSources(Replicas replicas, Outcomes outcomes, Replay replay, MeterRegistry meters) {
        this.replicas = replicas;
        this.outcomes = outcomes;
        this.replay = replay;
        this.replayed = meters.counter("rollout_replays", "outcome", "ok");
        this.replayFailed = meters.counter("rollout_replays", "outcome", "failed");
    }

    @Override
    public Looking look(Rollout rollout, Instant now) {
        RolloutPlan plan = rollout.plan();
        List<ReplicaReport> reports =
                replicas.ask(rollout.model(), rollout.champion(), plan.candidate(), rollout.releaseRevision());
        return new Looking(reports, outcomes(rollout, now), replayed(rollout, now), now);
    }

    /** What cannot be replayed is made up for by copies; it is tried again in a while. */
    private @Nullable ShadowCounts replayed(Rollout rollout, Instant now) {
        int rows = rollout.current().replayRows();
        boolean isDue = rows > 0 && !Looking.hasReplayed(rollout.observation()) && !now.isBefore(nextReplay);
        if (!isDue || rollout.current().kind() != Stage.Kind.SHADOW) {
            return null;
        }
        try {
            ShadowCounts counts = replay.of(
                    rollout.model(), rollout.champion(), rollout.plan().candidate(), rows);
            replayed.increment();
            log.info("replayed model={} rows={} errors={}", rollout.model(), counts.rowCount(), counts.errorCount());
            return counts;
        } catch (RuntimeException e) {
            replayFailed.increment();
            nextReplay = now.plus(NEXT_REPLAY);
            log.warn("replay failed, copies alone count model={} error={}", rollout.model(), e.toString());
            return null;
        }
    }

    private Looking.@Nullable AskedOutcomes outcomes(Rollout rollout, Instant now) {
        Limits limits = rollout.plan().limits();
        Duration wait = limits.needOutcomes() ? FOR_GATES : FOR_PEOPLE;
        boolean isDue =
                Duration.between(rollout.observation().outcomesAt(), now).compareTo(wait) >= 0;
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
