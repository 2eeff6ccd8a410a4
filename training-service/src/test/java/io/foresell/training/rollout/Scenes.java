package io.foresell.training.rollout;

import io.foresell.training.rollout.observe.CoarseBins;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.Reaction;
import io.foresell.training.rollout.plan.RolloutPlan;
import io.foresell.training.rollout.plan.Stage;
import io.foresell.training.rollout.sequential.Histogram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans and what replicas say, for tests. */
final class Scenes {
    static final String DIGEST = "d".repeat(64);
    static final int CHAMPION = 1;
    static final int CANDIDATE = 2;

    private Scenes() {}

    static RolloutPlan plan(Limits limits) {
        return new RolloutPlan(
                "churn",
                CANDIDATE,
                List.of(
                        new Stage(Stage.Kind.SHADOW, 0, Duration.ZERO, Duration.ofHours(1), 100, 0),
                        new Stage(Stage.Kind.STEP, 5, Duration.ofMinutes(1), Duration.ofHours(1), 100, 0),
                        new Stage(Stage.Kind.STEP, 50, Duration.ofMinutes(1), Duration.ofHours(1), 100, 0),
                        Stage.PROMOTION),
                0,
                limits,
                Reaction.ROLL_BACK,
                Reaction.HOLD,
                0.05);
    }

    static Limits errors() {
        return new Limits(new Limits.Errors(0.01), null, null, null, null, null);
    }

    static Rollout.Beginning beginning(RolloutPlan plan, int revision) {
        return new Rollout.Beginning(plan, CHAMPION, DIGEST, revision, "ann", "a better one");
    }

    /** Returns a replica that serves the stage's release as it should. */
    static ReplicaReport serving(Rollout rollout, String instance, WindowCounts counts) {
        Stage stage = rollout.current();
        boolean isShadow = stage.kind() == Stage.Kind.SHADOW;
        return new ReplicaReport(
                "10.0.0.1:9003",
                instance,
                "",
                true,
                rollout.releaseRevision(),
                Map.of(CANDIDATE, new ReplicaReport.Served(DIGEST, stage.weight(), isShadow ? 100 : 0)),
                Map.of(),
                Optional.of(counts));
    }

    static ReplicaReport notYet(int revision) {
        return new ReplicaReport("10.0.0.1:9003", "one", "", true, revision, Map.of(), Map.of(), Optional.empty());
    }

    static ReplicaReport refusing(int revision) {
        return new ReplicaReport(
                "10.0.0.1:9003",
                "one",
                "",
                true,
                revision - 1,
                Map.of(),
                Map.of(CANDIDATE, "release %d: golden rows differ".formatted(revision)),
                Optional.empty());
    }

    /** Returns counts of calls of both versions, some of the candidate's failed; of a shadow likewise. */
    static WindowCounts counts(long calls, long candidateErrors) {
        Histogram scores = scores(calls, 0);
        Histogram seconds = CoarseBins.SECONDS.ofValues(0.001, 0.002);
        return new WindowCounts(
                new VersionCounts(calls, 0, calls, seconds, scores),
                new VersionCounts(calls - candidateErrors, candidateErrors, calls - candidateErrors, seconds, scores),
                new ShadowCounts(calls - candidateErrors, 0, candidateErrors, 0, scores, scores));
    }

    /** Returns evenly spread scores, moved up. */
    static Histogram scores(long count, double moved) {
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(1, (i + 0.5) / count + moved);
        }
        return CoarseBins.SCORES.ofValues(values);
    }
}
